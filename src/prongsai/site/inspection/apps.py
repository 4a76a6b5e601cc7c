"""Names the app."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """OIT: evidence per item from assignment to a confirmed score."""

    name = "prongsai.site.inspection"
    label = "inspection"
