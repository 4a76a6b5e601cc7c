"""Names the app."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """OIT: evidence per item from assignment to a confirmed score."""

    name = "prongsai.site.inspection"
    label = "inspection"

    def ready(self) -> None:
        """Tell the results room what inspection brings to an agency's results."""
        from prongsai.site.inspection import outcome  # noqa: F401 - registers its part
