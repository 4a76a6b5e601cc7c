"""Writes every generated page and schema anew: ``make docs``."""

from __future__ import annotations

import runpy
from pathlib import Path

if __name__ == "__main__":
    for name in ("write_schemas.py", "write_cli_reference.py", "write_configuration.py"):
        runpy.run_path(str(Path(__file__).parent / name), run_name="__main__")
