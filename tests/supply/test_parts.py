"""What the site is made of is known: locked versions with hashes, licences on a list, a valid bill of materials."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import parts as reader
import pytest
import write_licences
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from parts import EXTRAS, OURS, Part, parts, refused, told
from sbom import made

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_LINE = re.compile(
    r"(?m)^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def locked(path: Path) -> dict[str, str]:
    return {name: version for name, version, _ in _LINE.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_version_has_its_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _LINE.sub("", text) == "", "a line that is no version with hashes"
    assert "://" not in text
    assert not re.search(r"(?m)^(--|-e|-f|git\+)", text)


def test_a_server_gets_the_versions_that_were_tested_and_nothing_else() -> None:
    tested, site = locked(ROOT / "requirements" / "all.txt"), locked(ROOT / "requirements" / "site.txt")
    assert {name: tested.get(name) for name in site} == site
    assert not {"pytest", "hypothesis", "playwright", "schemathesis", "mypy", "ruff", "uv"} & set(site)


def test_the_parts_are_those_of_the_lock() -> None:
    site = locked(ROOT / "requirements" / "site.txt")
    found = {part.name: part.version for part in parts() if part.name != OURS}
    assert {name for name in found if name not in site} == set()
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *declared["dependencies"],
        *(line for extra in EXTRAS for line in declared["optional-dependencies"][extra]),
    ]
    assert {canonicalize_name(Requirement(line).name) for line in lines} <= set(found)
    assert set(declared["optional-dependencies"]) - set(EXTRAS) == {"spark"}


class _Strict(Message):
    """What importlib_metadata gives everybody as soon as any library has imported it: no header is no None."""

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return str(super().__getitem__(name))


def test_a_part_without_a_summary_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _Strict()
    said["Version"], said["License"] = "1.0", "MIT"
    monkeypatch.setattr(reader, "distribution", lambda _name: SimpleNamespace(metadata=said))
    assert reader._part("some-part", ()) == Part("some-part", "1.0", "MIT", "", ())


def test_every_licence_is_known_and_allowed() -> None:
    assert [said for part in parts() if (said := refused(part))] == []
    known = {part.name for part in parts()}
    stale = (set(told()["with_reason"]) | set(told()["read_in_its_file"])) - known
    assert not stale, "licences.yaml speaks of parts that are none"


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "MIT AND GPL-2.0-only", "SSPL-1.0", "", "MIT OR BUSL-1.1"])
def test_a_licence_that_is_not_on_the_list_is_refused(licence: str) -> None:
    assert "strange" in refused(Part("strange", "1", licence, "", ()))
    assert refused(Part("strange", "1", "MIT OR Apache-2.0", "", ())) == ""


def test_the_list_of_licences_names_every_part() -> None:
    page = (ROOT / "docs" / "security" / "licences.md").read_text(encoding="utf-8")
    rows = [f"| {part.name} | {part.licence} |" for part in parts() if part.name != OURS]
    assert [row for row in rows if row not in page] == [], "run make docs"
    if sys.version_info[:2] == (3, 11):  # a newer Python needs fewer parts
        assert page == write_licences.page(), "run make docs"


def test_the_bill_of_materials_is_valid_and_whole() -> None:
    text = made()
    found = json.loads(text)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    refs = {one["bom-ref"] for one in found["components"]} | {found["metadata"]["component"]["bom-ref"]}
    assert {f"{part.name}=={part.version}" for part in parts()} == refs
    assert all(one["licenses"] for one in found["components"])
    named = {other for one in found["dependencies"] for other in [one["ref"], *one.get("dependsOn", ())]}
    assert named == refs
    assert not re.search(r"\w+://", text.replace(found.get("$schema", ""), ""))
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"type": "library"', '"type": "toy"', 1)) is not None
