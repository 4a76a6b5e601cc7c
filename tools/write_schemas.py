"""Writes the published JSON Schemas to docs/schema: ``python tools/write_schemas.py``."""

from __future__ import annotations

import json
from pathlib import Path

from prongsai.framework.schema import framework_schema
from prongsai.improvement.schema import plan_schema, progress_schema
from prongsai.scoring.schema import results_schema

TARGET = Path(__file__).parent.parent / "docs" / "schema"
SCHEMAS = {
    "framework": framework_schema,
    "results": results_schema,
    "plan": plan_schema,
    "progress": progress_schema,
}


def texts() -> dict[str, str]:
    """File name → content of every published schema."""
    return {
        f"{name}.schema.json": json.dumps(make(), ensure_ascii=False, indent=2) + "\n" for name, make in SCHEMAS.items()
    }


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (TARGET / name).write_text(text, encoding="utf-8")
