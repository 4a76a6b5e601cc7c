"""Names the app."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Results: imports with a dry run, and the pages that show and explain a score."""

    name = "prongsai.site.results"
    label = "results"
