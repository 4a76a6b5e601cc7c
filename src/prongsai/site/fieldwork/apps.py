"""Names the app."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Field work: surveyors, their quotas, and interviews that come in from telephones without signal."""

    name = "prongsai.site.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Let the mixer do the field's part at each of its turns, and the history know what agencies do not read."""
        from prongsai.site.fieldwork import actions, forwarding  # noqa: F401 - both register their part
