"""Our select without an include for each option says what Django's own says."""

from __future__ import annotations

from django import forms
from django.forms.renderers import DjangoTemplates

from prongsai.site.base.forms import Renderer


def test_select_is_the_same_as_djangos() -> None:
    choices = [("", "–"), (1, "หนึ่ง & <b>"), ("กลุ่ม", [("a", "ก"), ("b", "ข")])]
    for widget in (forms.Select(choices=choices), forms.SelectMultiple({"size": 4}, choices=choices)):
        for value in (["b"], ["1"], []):
            drawn = [
                widget.render(
                    "x", value if widget.allow_multiple_selected else (value or [""])[0], {"id": "x"}, engine
                ).split()
                for engine in (Renderer(), DjangoTemplates())
            ]
            assert drawn[0] == drawn[1]
