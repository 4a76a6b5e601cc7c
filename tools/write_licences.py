"""Writes docs/security/licences.md: every part that the site runs on, and its licence (``make docs``)."""

from __future__ import annotations

from pathlib import Path

from parts import OURS, names_in, parts, told

OUT = Path(__file__).parents[1] / "docs" / "security" / "licences.md"
_HEAD = """\
# Licences

Prongsai is under the [Apache License 2.0](../../LICENSE). Below is every part that a site runs on: what
`pyproject.toml` asks for (but Spark, which a cluster brings itself), and all that those ask for. What only developers
and tests use is not on a server (`requirements/site.txt`). `make sbom` writes the same with versions, as CycloneDX 1.6.

[requirements/licences.yaml](../../requirements/licences.yaml) says which licences may be here. A test refuses any
other, and one that is not known; made by `make docs`.
"""


def page() -> str:
    """The page's text. No versions, which change with every lock."""
    found = [part for part in parts() if part.name != OURS]
    reasons = told()["with_reason"]
    rows = [f"| {part.name} | {part.licence} |" for part in found]
    whys = [f"| {name} | {one['licence']} | {one['reason']} |" for name, one in sorted(reasons.items())]
    every = sorted({name for part in found if part.name not in reasons for name in names_in(part.licence)})
    return "\n".join(
        [
            _HEAD,
            f"{len(found)} parts. Under {', '.join(every)}, but for these:\n",
            "| part | licence | why it may be here |\n|---|---|---|",
            *whys,
            "\n## All parts\n",
            "| part | licence (SPDX) |\n|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    OUT.write_text(page(), encoding="utf-8")
