"""Names the app."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Surveys: who is asked, how many answered, and from answers to tallies."""

    name = "prongsai.site.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Tell the results room what surveys bring to an agency's results."""
        from prongsai.site.surveys import outcome  # noqa: F401 - registers its part
