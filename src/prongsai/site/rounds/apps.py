"""Names the app."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Rounds, their stage calendar with recorded extensions, and each agency's assessment in them."""

    name = "prongsai.site.rounds"
    label = "rounds"
