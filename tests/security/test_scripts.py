"""What runs in browsers: our own files alone, which write text and keep nothing that somebody else should not read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "src" / "prongsai" / "site"
SCRIPTS = sorted(path for path in SITE.rglob("*.js") if "/vendor/" not in str(path))
TEMPLATES = sorted(SITE.rglob("*.html"))
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|<style|javascript:", re.IGNORECASE)
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"'`]|__proto__"
)
# What is kept in a browser: whether single keys judge; the surveyors' interviews, sealed (fieldwork/store.js says how).
KEEPS = {"inspection/static/inspection/judge.js", "fieldwork/static/fieldwork/store.js"}
# Templates that are no pages: the agency's folder is made for another website, whose page policy we do not set.
FORMS = sorted(path for path in SITE.rglob("*.py") if "forms" in path.name)


def own(path: Path) -> str:
    return path.relative_to(SITE).as_posix()


@pytest.mark.parametrize("text", ["<script>x()</script>", '<a onclick="x()">', "<p style='color:red'>", "<style>"])
def test_the_pattern_sees_what_it_looks_for(text: str) -> None:
    assert INLINE.search(text)
    assert not INLINE.search('<script src="{% static "a.js" %}" defer></script>')


def test_no_page_writes_a_script() -> None:
    """The policy would stop it; it must not be there in the first place."""
    assert len(TEMPLATES) > 100
    assert not [own(path) for path in TEMPLATES if INLINE.search(path.read_text(encoding="utf-8"))]


def test_scripts_write_text_only() -> None:
    assert len(SCRIPTS) > 8
    assert not [own(path) for path in SCRIPTS if MARKUP.search(path.read_text(encoding="utf-8"))]


def test_windows_send_each_other_nothing() -> None:
    """A page tells its own service worker to take over, by one fixed word; nobody else listens or sends."""
    told = {own(path): path.read_text(encoding="utf-8") for path in SCRIPTS}
    sends = {name: re.findall(r"\S*postMessage\([^)]*\)", text) for name, text in told.items() if "postMessage" in text}
    assert sends == {"fieldwork/static/fieldwork/app.js": ['registration.waiting?.postMessage("take over")']}
    assert [name for name, text in told.items() if re.search(r"[\"']message[\"']|onmessage", text)] == [
        "fieldwork/templates/fieldwork/worker.js"
    ]


def test_the_browser_is_given_nothing_to_keep() -> None:
    keeps = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")
    assert {own(path) for path in SCRIPTS if keeps.search(path.read_text(encoding="utf-8"))} == KEEPS


def test_forms_name_their_fields() -> None:
    """A form that takes whatever its model has would let anybody set anything."""
    assert len(FORMS) > 8
    assert not [
        own(path)
        for path in FORMS
        if re.search(r"(?m)^\s+(?:fields = [\"']__all__|exclude\s*=)", path.read_text(encoding="utf-8"))
    ]


def test_others_hosts_are_named_in_no_page() -> None:
    """Fonts, styles and scripts are our own: no third party learns who reads what."""
    foreign = re.compile(
        r"(?:src|href)=\"(?:https?:)?//[^\"{]*\"[^>]*(?:stylesheet|>\s*</script)|@import|url\(\s*['\"]?http"
    )
    files = [*TEMPLATES, *SITE.rglob("*.css")]
    assert not [own(path) for path in files if foreign.search(path.read_text(encoding="utf-8"))]
