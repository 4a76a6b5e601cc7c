"""Names the app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, roles, login, delegation and handover; who may do what."""

    name = "prongsai.site.people"
    label = "people"

    def ready(self) -> None:
        """Listen to sign-ins and sign-outs."""
        from prongsai.site.people import signals

        signals.listen()
