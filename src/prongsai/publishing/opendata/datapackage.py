"""``datapackage.json``: a Frictionless Data Package over the plain CSV files, with types, keys and titles."""

from __future__ import annotations

import json
from typing import Any

from prongsai.publishing.opendata.entry import Entry, File
from prongsai.publishing.tables import Column, Table

NAME = "datapackage.json"
_TYPES = {"text": "string", "score": "number", "error": "number", "count": "integer", "flag": "boolean", "day": "date"}


def write(entry: Entry) -> str:
    """The descriptor."""
    published, about = entry.published, entry.about
    made: dict[str, Any] = {
        "profile": "data-package",
        "name": published.name,
        "version": f"{published.revision}.0.0",
        "created": f"{published.published.isoformat()}T00:00:00Z",
        "title": entry.title_th,
        "title_en": entry.title_en,
        "description": entry.description_th,
        "description_en": entry.description_en,
        "keywords": list(about.keywords),
        "sources": [{"title": published.framework.title.th}],
        "resources": [_resource(file, entry) for file in entry.files if file.format == "csv" and file.table],
    }
    if about.licence:
        licence = {"name": about.licence.id, "title": about.licence.title, "path": about.licence.url}
        made["licenses"] = [{key: value for key, value in licence.items() if value}]
    if about.publisher:
        maker = {
            "title": about.publisher,
            "role": "publisher",
            "path": about.publisher_url,
            "email": about.contact_email,
        }
        made["contributors"] = [{key: value for key, value in maker.items() if value}]
    if about.address:
        made["homepage"] = about.address
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _resource(file: File, entry: Entry) -> dict[str, Any]:
    table = file.table
    assert table is not None
    there = {other.table.name for other in entry.files if other.table}
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.path,
        "title": table.th,
        "title_en": table.en,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema(table, there),
    }


def schema(table: Table, there: set[str]) -> dict[str, Any]:
    """The Table Schema of one table; keys only to tables that are there."""
    return {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
        "foreignKeys": [
            {"fields": list(columns), "reference": {"resource": other, "fields": list(columns)}}
            for columns, other in table.refers
            if other in there
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "title": column.th,
        "description": column.en,
    }
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.allowed:
        limits["enum"] = list(column.allowed)
    if column.kind in ("score", "error", "count"):
        limits["minimum"] = 0
    if column.kind == "score":
        limits["maximum"] = 100
    return made | ({"constraints": limits} if limits else {})
