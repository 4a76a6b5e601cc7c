"""Names the app, and loads every app's actions so that all log sentences are known."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HistoryConfig(AppConfig):
    """Actions and the log they write: every change of state is one, and reads as a sentence."""

    name = "prongsai.site.history"
    label = "history"

    def ready(self) -> None:
        """Load ``actions`` of every app (a module or a package that imports its parts), and ``vouches``."""
        autodiscover_modules("actions", "vouches")
