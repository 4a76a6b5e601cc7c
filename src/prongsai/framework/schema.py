"""The framework file as JSON Schema, for editors and other programs."""

from __future__ import annotations

from typing import Any

from prongsai.framework.model import Framework


def framework_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a framework file. ``prongsai framework check`` checks more."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Framework.model_json_schema(),
        "title": "Prongsai framework file (กรอบการประเมิน)",
        "description": "All definitions of one assessment: instruments, items, scales, weights, levels, each with"
        " source and confidence.",
    }
