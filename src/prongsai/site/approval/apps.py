"""Names the app."""

from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    """Frozen bundles, the chain of ranks that decides on them, signatures, circulation."""

    name = "prongsai.site.approval"
    label = "approval"
