"""Names the app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Export and import of one agency."""

    name = "prongsai.site.exchange"
    label = "exchange"
