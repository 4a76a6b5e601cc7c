"""The results file as JSON Schema, for editors and other programs."""

from __future__ import annotations

from typing import Any

from prongsai.scoring.results_file import ResultsFile


def results_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a results file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ResultsFile.model_json_schema(),
        "title": "Prongsai results file (ไฟล์ผลการประเมิน)",
        "description": "One agency's results of one fiscal year. Give what you have: all that can be computed is"
        " computed, all that is given is checked.",
    }
