"""Names the app."""

from django.apps import AppConfig


class NationConfig(AppConfig):
    """A round's result over all its agencies."""

    name = "prongsai.site.nation"
    label = "nation"
