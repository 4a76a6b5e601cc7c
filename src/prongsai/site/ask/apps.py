"""Names the app."""

from django.apps import AppConfig


class AskConfig(AppConfig):
    """Ask: the pages on which people answer."""

    name = "prongsai.site.ask"
    label = "ask"
