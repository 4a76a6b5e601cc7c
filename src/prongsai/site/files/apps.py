"""Names the app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Uploaded and frozen files: kept by content with their hash, checked by what they are."""

    name = "prongsai.site.files"
    label = "files"
