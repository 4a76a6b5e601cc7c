"""Names the app."""

from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    """The sealed history shown: verified each day, its heads posted, proofs for everybody."""

    name = "prongsai.site.integrity"
    label = "integrity"
