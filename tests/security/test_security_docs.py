"""The pages of docs/security lead somewhere, name every actor, and begin in Thai."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from named_tests import ROOT
from write_security import SECURITY, table

PAGES = [*sorted(SECURITY.glob("*.md")), ROOT / "SECURITY.md"]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in set(LINK.findall(page.read_text(encoding="utf-8"))):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {path}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {path}#{anchor}"


@pytest.mark.parametrize("name", ["README.md", "threats.md", "attacks.md", "asvs.md", "accounts.md", "hardening.md"])
def test_thai_comes_first(name: str) -> None:
    """Of the pages that an office reads; lists of libraries and requests are for developers."""
    page = SECURITY / name
    assert re.search(r"[\u0e01-\u0e5b]", page.read_text(encoding="utf-8")[:900])


def test_every_actor_stands_in_the_threat_model() -> None:
    text = (SECURITY / "threats.md").read_text(encoding="utf-8")
    told = {line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")}
    words = {
        "agency_admin": "agency administrator",
        "backup_thief": "thief of a backup",
        "colleague": "colleague at the same PC",
        "inspector": "inspector with a friend",
        "researcher": "researcher who differences",
    }
    assert {words.get(name, name.replace("_", " ")) for name in table()[0]} <= told
