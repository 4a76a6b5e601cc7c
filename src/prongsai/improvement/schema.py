"""The plan of measures and its progress as JSON Schema, for editors and other programs."""

from __future__ import annotations

from typing import Any

from prongsai.improvement.model import Plan, Progress

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a plan file."""
    return {
        "$schema": _DIALECT,
        **Plan.model_json_schema(),
        "title": "Prongsai plan file (แผนมาตรการ)",
        "description": "The points to raise, with their measures and steps, of one agency and year.",
    }


def progress_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a progress file."""
    return {
        "$schema": _DIALECT,
        **Progress.model_json_schema(),
        "title": "Prongsai progress file (ผลการดำเนินการตามมาตรการ)",
        "description": "What became of each measure of one plan at 6 or 12 months, with proof.",
    }
