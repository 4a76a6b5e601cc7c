"""No reader is forgotten: what parses has a fuzzing target, or the reason why nobody outside can reach it."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import yaml
from every_target import every_target, is_of_the_site

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "prongsai"
TARGETS = every_target()
REASONS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("not_from_outside.yaml").read_text(encoding="utf-8"))
COVERED = {module for target in TARGETS.values() for module in target.modules}
# Calls that make something of bytes or text that somebody else may have written.
_ANY = frozenset({
    "loads", "read_json", "fromstring", "document_fromstring", "PdfDocument", "from_filelike", "from_path", "ZipFile",
    "b64decode", "urlsafe_b64decode", "fromisoformat", "model_validate", "model_validate_json", "DictReader",
    "read_parquet", "read_csv", "fromhex", "ArchiveIterator", "unsign", "urlsplit", "parse_qsl", "strptime",
})  # fmt: skip
_OF = frozenset({("csv", "reader"), ("Image", "open"), ("httpx", "URL"), ("yaml", "scan"), ("ET", "parse")})


def parses(source: str) -> bool:
    """Whether a module makes something of bytes or text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            call = node.func
            name = call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""
            owner = call.value.id if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) else ""
            if name in _ANY or (owner, name) in _OF:
                return True
    return False


def modules() -> dict[str, Path]:
    return {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in sorted(SOURCE.rglob("*.py"))}


def test_every_reader_has_a_target_or_a_reason() -> None:
    readers = {name for name, path in modules().items() if parses(path.read_text(encoding="utf-8"))}
    assert sorted(readers - COVERED - set(REASONS)) == [], "give it a target, or a line in not_from_outside.yaml"
    assert sorted((set(REASONS) | COVERED) - set(modules())) == [], "no such module any more"
    assert sorted(set(REASONS) - readers) == [], "parses nothing (any more)"
    assert all(len(reason) > 10 for reason in REASONS.values())


def test_a_module_that_parses_is_found() -> None:
    assert parses("import json\n\ndef read(data):\n    return json.loads(data)\n")
    assert parses("import csv\nrows = csv.reader(file)\n")
    assert not parses("def read(data):\n    return data.upper()\n")


def entered(run: Callable[[], Any]) -> set[str]:
    """The modules of ours whose functions were called."""
    seen: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(before)
    return {name for name, path in modules().items() if str(path) in seen}


@pytest.mark.skipif(not os.environ.get("PRONGSAI_FULL"), reason="watching every call takes minutes: PRONGSAI_FULL")
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TARGETS)
def test_a_target_gets_where_it_says(name: str) -> None:
    """A target that refuses everything at the first line would never crash."""
    target = TARGETS[name]

    def seeds() -> None:
        for seed in target.seeds():
            target.holds(seed)

    models_only = {
        module for module in target.modules if module.endswith((".model", ".results_file"))
    }  # pydantic's own
    assert set(target.modules) - models_only - entered(seeds) == set()


def test_names_say_what_needs_django() -> None:
    assert {name for name in TARGETS if is_of_the_site(name)} == {name for name in TARGETS if name.startswith("site.")}
