"""Names the app, and makes the web faces when the site starts."""

from django.apps import AppConfig
from django.conf import settings


class BaseConfig(AppConfig):
    """The design system: templates, tokens, tags, form fields, middleware, the registry of personal fields."""

    name = "prongsai.site.base"
    label = "base"

    def ready(self) -> None:
        """Have the faces before the first page asks for them."""
        from prongsai.site.base.fonts import make_web_faces

        make_web_faces(settings.DATA / "fonts")
