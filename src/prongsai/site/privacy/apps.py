"""Names the app, and tells at sign-in which notices are new."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Inventory, retention, rights, notices, incidents."""

    name = "prongsai.site.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Listen for sign-ins."""
        from prongsai.site.privacy import versions

        versions.listen()
