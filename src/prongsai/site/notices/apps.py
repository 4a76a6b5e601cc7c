"""Names the app, and loads every room's reminders."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    """Reminders by channel, sent by jobs."""

    name = "prongsai.site.notices"
    label = "notices"

    def ready(self) -> None:
        """Rooms above say what is due in their ``reminders`` (``due.py``)."""
        autodiscover_modules("reminders")
