"""How forms look: label, help, field, and the error beside it, the same on every page."""

from __future__ import annotations

from typing import Any

from django.forms import Form as DjangoForm
from django.forms.renderers import TemplatesSetting

from prongsai.site.base.text import T


class Renderer(TemplatesSetting):
    """Our own templates around every form and field."""

    form_template_name = "base/form.html"
    field_template_name = "base/field.html"


class Form(DjangoForm):
    """A form of the design system. Fields are shown in order; ``required`` is said in words, not by colour."""

    default_renderer = Renderer
    use_required_attribute = False  # our words beside the field instead of the browser's bubble

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.setdefault("required", "")
            field.error_messages["required"] = T("โปรดกรอกช่องนี้", "Please fill this in.")
