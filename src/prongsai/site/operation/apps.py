"""Names the app."""

from django.apps import AppConfig


class OperationConfig(AppConfig):
    """Operation: health, readiness, metrics, log, checks."""

    name = "prongsai.site.operation"
    label = "operation"
