"""Names the app."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """Published revisions."""

    name = "prongsai.site.opendata"
    label = "opendata"
