"""Names the app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See the package."""

    name = "prongsai.site.portal"
    label = "portal"
