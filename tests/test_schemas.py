"""The published JSON Schemas are those of the code, and accept the files that the code accepts."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from prongsai.framework import catalog
from prongsai.framework.schema import framework_schema
from prongsai.improvement.schema import plan_schema, progress_schema
from prongsai.scoring.schema import results_schema
from prongsai.yaml_file import parse, read

ROOT = Path(__file__).parent.parent
SCHEMAS = {
    "framework": framework_schema(),
    "results": results_schema(),
    "plan": plan_schema(),
    "progress": progress_schema(),
}
FILES = [("framework", entry.path) for entry in catalog()]
FILES += [(name, path) for name in SCHEMAS for path in sorted((ROOT / "examples").glob(f"*/{name}.yaml"))]


def tool() -> Any:
    spec = importlib.util.spec_from_file_location("write_schemas", ROOT / "tools" / "write_schemas.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_published_schemas_are_up_to_date() -> None:
    texts = tool().texts()
    assert (
        set(texts)
        == {path.name for path in (ROOT / "docs" / "schema").glob("*.json")}
        == {f"{name}.schema.json" for name in SCHEMAS}
    )
    for name, text in texts.items():
        published = (ROOT / "docs" / "schema" / name).read_text(encoding="utf-8")
        assert published == text, f"docs/schema/{name} is old: run python tools/write_schemas.py"


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_sound_and_described(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["description"]
    assert "$id" not in SCHEMAS[name]
    assert SCHEMAS[name]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "path"), FILES, ids=lambda value: value if isinstance(value, str) else value.parent.name
)
def test_shipped_files_are_valid(name: str, path: Path) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(read(path).data)]
    assert not errors, errors[:5]


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[name])


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("{agency: {name: ก}, fiscal_year: ๒๕๖๘, scores: {overall: ๙๒.๘๙, items: {e1: {EIT.1: 99}}}}", True),
        ("{agency: {name: ก, staff: '1,210'}, tallies: {i1: {5: 1, 4: ๑๒}, e1: {EIT.1: {5: 2}}}}", True),
        ("{agency: {name: ก}, scores: {overall: 101}}", False),
        ("{agency: {name: ก}, scores: {overall: ดี}}", False),
        ("{agency: {name: ก}, tallies: {i1: {5: -1}}}", False),
        ("{agency: {name: ก}, tallies: {i1: {5: 1.5}}}", False),
        ("{agency: {name: ก}, score: {overall: 90}}", False),
        ("{agency: {}}", False),
        ("{fiscal_year: 2568}", False),
    ],
)
def test_the_results_schema_says_what_the_reader_says(text: str, valid: bool) -> None:
    assert validator("results").is_valid(parse(text, "x.yaml").data) is valid
