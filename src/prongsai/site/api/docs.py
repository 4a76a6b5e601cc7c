"""The API's page: the OpenAPI document as people read it, in both languages, without a script or a third party."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.api import front, limits
from prongsai.site.api.agencies import MOST
from prongsai.site.api.app import document
from prongsai.site.api.envelope import BASE, whole
from prongsai.site.api.errors import PLAIN
from prongsai.site.api.examples import EXAMPLES, LANGUAGES
from prongsai.site.api.render import rendered
from prongsai.site.api.words import TAGS, THAI
from prongsai.site.base.text import pick
from prongsai.site.opendata import reading
from prongsai.site.portal.caching import public_page

_REFUSAL = f"""{{"error": {{"status": 422, "code": "invalid", "problems": [
  {{"code": "invalid", "where": "query.limit", "found": "5000",
   "expected": {{"th": "ค่าไม่เกิน {MOST}", "en": "{MOST} or less"}},
   "message": {{"th": "ค่าใช้ไม่ได้", "en": "the value cannot be used"}},
   "next": {{"th": …, "en": …}},
   "near": [{{"value", "name", "href"}}]}}]}}}}"""
_DEPTH = 3  # how far a table of fields looks into objects


@dataclass(frozen=True)
class Field:
    """One line of a table of fields: its path in the data, its type, whether it may be missing or null."""

    name: str
    kind: str
    about: str
    needed: bool
    bounds: str = ""


@dataclass(frozen=True)
class Shown:
    """One operation."""

    id: str
    method: str
    path: str
    name: str
    about: str
    parameters: list[Field]
    body: list[Field]
    fields: list[Field]
    many: bool
    statuses: list[tuple[str, str]]
    secured: bool


@public_page()
def docs(request: HttpRequest) -> HttpResponse:
    """What the API gives, how to ask, and examples that run."""
    made = document()
    release = reading.current().first()
    row = release.lines.only("code").first() if release else None
    api = whole(BASE)
    put = (api, row.code if row else "CODE", release.round.slug if release else "ROUND")
    groups = {tag: [one for one in _operations(made) if one[0] == tag] for tag in TAGS}
    context = {
        "heading": pick("API สำหรับโปรแกรม", "API for programs"),
        "api": api,
        "groups": [(tag, pick(*TAGS[tag]), [one for _, one in found]) for tag, found in groups.items() if found],
        "examples": [(one, pick(*one.title), _listed(one.written(*put))) for one in EXAMPLES],
        "errors": [
            (status, said.code, pick(*said.message), pick(*said.next)) for status, said in sorted(PLAIN.items())
        ],
        "refusal": _REFUSAL,
        "anonymous": limits.anonymous,
        "with_token": limits.with_token,
        "most": MOST,
        "question": front.QUESTION,
        "start": f"{api}/agencies?round={put[2]}&limit=2",
    }
    return render(request, "api/docs.html", context)


def _listed(code: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(language, LANGUAGES[language], text.strip()) for language, text in code.items()]


def _operations(made: dict[str, Any]) -> list[tuple[str, Shown]]:
    found = []
    for path, methods in made["paths"].items():
        for method, said in methods.items():
            found.append((said.get("tags", ["own"])[0], _shown(made, path, method, said)))
    return found


def _shown(made: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> Shown:
    name = said["operationId"]
    thai = THAI.get(name, (said["summary"], said.get("description", "")))
    good = next(status for status in said["responses"] if status.startswith("2"))
    success = _of(made, said["responses"][good].get("content", {}).get("application/json", {}).get("schema", {}))
    data = success.get("properties", {}).get("data", {})
    many = data.get("type") == "array"
    sent = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Shown(
        name,
        method.upper(),
        path,
        pick(thai[0], said["summary"]),
        pick(thai[1], _plain(said.get("description", ""))),
        [_parameter(one) for one in said.get("parameters", [])],
        _fields(made, sent),
        _fields(made, data.get("items", {}) if many else data),
        many,
        [(status, _said(status, one)) for status, one in said["responses"].items()],
        bool(said.get("security")),
    )


def _said(status: str, response: dict[str, Any]) -> str:
    usual = PLAIN.get(int(status))
    return pick(*usual.message) if usual else str(response["description"])


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "").split())


def _parameter(said: dict[str, Any]) -> Field:
    schema = _some(said["schema"])
    th, _, en = said.get("description", "").partition(" | ")
    return Field(said["name"], _kind(schema), pick(th, en or th), said["required"], _bounds(schema, said["schema"]))


def _some(schema: dict[str, Any]) -> dict[str, Any]:
    """What a value is where it is not null."""
    either = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    return either[0] if either else schema


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " · ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(_some(schema.get('items', {})))}]"
    return str(schema.get("type", "object"))


def _bounds(schema: dict[str, Any], outer: dict[str, Any]) -> str:
    told = []
    if "minimum" in schema and "maximum" in schema:
        told.append(f"{schema['minimum']}–{schema['maximum']}")
    elif "maxLength" in schema:
        told.append(pick(f"ไม่เกิน {schema['maxLength']} ตัวอักษร", f"at most {schema['maxLength']} characters"))
    if outer.get("default") is not None:
        usual = rendered(outer["default"]).decode().strip('"')
        told.append(pick(f"ไม่ระบุ: {usual}", f"default: {usual}"))
    return ", ".join(told)


def _of(made: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = made["components"]["schemas"].get(name, schema)
    return found


def _fields(made: dict[str, Any], schema: dict[str, Any], before: str = "", depth: int = 0) -> list[Field]:
    """The fields of an object and of objects in it, each by its path: ``scores.*.low``, ``nodes[].error.low95``."""
    either = [_of(made, one) for one in schema.get("anyOf", [])] or [_of(made, schema)]
    needed = [set(one.get("required", [])) for one in either]
    found: dict[str, Field] = {}
    for whole_schema in either:
        for name, inner in whole_schema.get("properties", {}).items():
            value = _of(made, _some(inner))
            always = all(name in one for one in needed) and not _nullable(inner)
            path, inside = _inside(made, f"{before}{name}", value)
            found.setdefault(path, Field(path, _kind(value), "", always))
            if inside and depth < _DEPTH:
                for one in _fields(made, inside, f"{path}.", depth + 1):
                    found.setdefault(one.name, one)
    return list(found.values())


def _nullable(schema: dict[str, Any]) -> bool:
    return any(one.get("type") == "null" for one in schema.get("anyOf", []))


def _inside(made: dict[str, Any], path: str, value: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """What a value holds: an object's own fields, those of a list's entries, those of a mapping's values."""
    if value.get("type") == "array":
        entry = _of(made, _some(value.get("items", {})))
        return f"{path}[]", entry if "properties" in entry else None
    if isinstance(value.get("additionalProperties"), dict):
        entry = _of(made, _some(value["additionalProperties"]))
        return f"{path}.*", entry if "properties" in entry else None
    return path, value if "properties" in value else None
