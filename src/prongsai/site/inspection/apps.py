"""Names the app."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """OIT: evidence per item from assignment to a confirmed score."""

    name = "prongsai.site.inspection"
    label = "inspection"

    def ready(self) -> None:
        """Tell the results room what inspection brings to results, and the history what agencies do not read."""
        from prongsai.site.inspection import outcome  # noqa: F401 - registers its part
        from prongsai.site.inspection.actions import clarify, mark  # noqa: F401 - registers what is not told
