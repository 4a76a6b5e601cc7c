"""Names the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fills a demo database with the example agencies."""

    name = "prongsai.site.demo"
    label = "demo"
