"""What a page says in two languages: a template's own words as they are, whatever it was given escaped."""

from __future__ import annotations

import pytest
from django.template import Context, Template

WORDS = "{% load prongsai %}"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{% t "<b>ก</b>" "x" %}', "<b>ก</b>"),
        ("{% t given given %}", "&lt;script&gt;"),
        ('{% t "ชื่อ {name}" "x" name=given %}', "ชื่อ &lt;script&gt;"),
        ("{% t shape shape name=given %}", "&lt;i&gt;&lt;script&gt;"),
    ],
)
def test_only_a_templates_own_words_are_markup(source: str, shown: str) -> None:
    context = Context({"given": "<script>", "shape": "<i>{name}"})
    assert Template(WORDS + source).render(context) == shown
