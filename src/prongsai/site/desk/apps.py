"""Names the app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk: what each person has to do now, and an agency's year at a glance."""

    name = "prongsai.site.desk"
    label = "desk"
