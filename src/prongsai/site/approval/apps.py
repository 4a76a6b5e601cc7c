"""Names the app, and tells the rooms below of the agency's own ranks."""

from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    """Frozen bundles, the chain of ranks that decides on them, signatures, circulation."""

    name = "prongsai.site.approval"
    label = "approval"

    def ready(self) -> None:
        """The rooms of documents and evidence stand below and cannot ask for the chain; they are told where it is."""
        from prongsai.site.approval.chain import route_of
        from prongsai.site.approval.chief import signs_as_chief
        from prongsai.site.inspection.chief import Chief
        from prongsai.site.papers.letters import Route

        Route.of = staticmethod(route_of)
        Chief.signs = staticmethod(signs_as_chief)
