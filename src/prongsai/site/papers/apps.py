"""Names the app."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Official documents from live data, an agency's own templates, and the record of downloads."""

    name = "prongsai.site.papers"
    label = "papers"
