"""Names the app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Reminders and messages by channel, sent by jobs that are retried and visible."""

    name = "prongsai.site.notices"
    label = "notices"
