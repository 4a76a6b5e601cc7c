"""Names the app, and gives letters the agency's own ranks."""

from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    """Frozen bundles, the chain of ranks that decides on them, signatures, circulation."""

    name = "prongsai.site.approval"
    label = "approval"

    def ready(self) -> None:
        """The documents' room stands below this one and cannot ask for the chain; it is told where to find it."""
        from prongsai.site.approval.chain import route_of
        from prongsai.site.papers.letters import Route

        Route.of = staticmethod(route_of)
