"""Names the app, and has it listen to publications."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package."""

    name = "prongsai.site.api"
    label = "api"

    def ready(self) -> None:
        """Webhooks are told of publications."""
        from prongsai.site.api.webhooks_hook import connect

        connect()
