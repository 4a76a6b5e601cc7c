"""Writes every generated page and schema anew: ``make docs``."""

from __future__ import annotations

import runpy
from pathlib import Path

if __name__ == "__main__":
    for name in ("schemas", "cli_reference", "configuration", "security", "privacy", "licences"):
        runpy.run_path(str(Path(__file__).parent / f"write_{name}.py"), run_name="__main__")
