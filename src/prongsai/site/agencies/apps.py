"""Names the app."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Agencies and their units."""

    name = "prongsai.site.agencies"
    label = "agencies"
