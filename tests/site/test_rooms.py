"""The site's own rooms: an app imports only from apps before it in ``settings.ROOMS``; every field is registered."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from prongsai.site.privacy.faults import faults

SITE = Path(__file__).parents[2] / "src" / "prongsai" / "site"


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {m.split(".")[2] for m in modules if m.startswith("prongsai.site.")}
    return found & set(settings.ROOMS)


@pytest.mark.parametrize("room", settings.ROOMS)
def test_a_room_imports_only_from_rooms_before_it(room: str) -> None:
    allowed = set(settings.ROOMS[: settings.ROOMS.index(room) + 1])
    for path in (SITE / room).rglob("*.py"):
        later = imported(path) - allowed
        # Types alone may look upwards: an action names the person who acts.
        if later and "TYPE_CHECKING" not in path.read_text(encoding="utf-8"):
            pytest.fail(f"{path.relative_to(SITE)} imports {', '.join(sorted(later))}")


def test_every_field_is_registered_as_personal_or_not() -> None:
    assert faults() == []


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_page_template_speaks_both_languages() -> None:
    """A Thai sentence in a template stands inside ``{% t %}`` (or is data); bare Thai text would not be English."""
    bare = []
    for path in SITE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            outside = _without_tags(line)
            if any("\u0e01" <= c <= "\u0e5b" for c in outside) and "ภาษาไทย" not in outside:
                bare.append(f"{path.relative_to(SITE)}:{number}: {outside.strip()[:60]}")
    assert bare == []


def _without_tags(line: str) -> str:
    import re

    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", line)
