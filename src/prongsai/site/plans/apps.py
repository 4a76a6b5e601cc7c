"""Names the app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans of measures, their units and dates, and what was done."""

    name = "prongsai.site.plans"
    label = "plans"
