"""Reminders and messages by channel, sent by jobs that are retried and visible."""
