"""The parts that the site runs on: what ``pyproject.toml`` asks for, and all that those ask for, as installed here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import yaml
from license_expression import ExpressionError, LicenseExpression, get_spdx_licensing
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OURS = "prongsai"
# Spark is for who runs a cluster; it brings Java, and no server of ours has it.
EXTRAS = ("documents", "evidence", "national", "parquet", "publishing", "reading", "site", "statistics")
# What classifiers and the old field say, where they say it exactly.
_PLAIN = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Part:
    """A distribution. ``licence``: an SPDX expression, empty where none is known; ``needs``: names, sorted."""

    name: str
    version: str
    licence: str
    summary: str
    needs: tuple[str, ...]


@cache
def told() -> Mapping[str, Any]:
    """``requirements/licences.yaml``."""
    read: Mapping[str, Any] = yaml.safe_load((ROOT / "requirements" / "licences.yaml").read_text(encoding="utf-8"))
    return read


@cache
def parts() -> list[Part]:
    """Every part by name, ours first. Raises ``PackageNotFoundError`` where one is not installed."""
    extras: dict[str, set[str]] = {}
    needs: dict[str, set[str]] = {}

    def walk(name: str, wanted: frozenset[str]) -> None:
        new = (wanted | {""}) - extras.setdefault(name, set())
        extras[name] |= new
        for line in (distribution(name).requires or []) if new else []:
            asked = Requirement(line)
            if any(asked.marker is None or asked.marker.evaluate({"extra": extra}) for extra in new):
                other = canonicalize_name(asked.name)
                needs.setdefault(name, set()).add(other)
                walk(other, frozenset(asked.extras))

    walk(OURS, frozenset(EXTRAS))
    names = [OURS, *sorted(set(extras) - {OURS})]
    return [_part(name, tuple(sorted(needs.get(name, ())))) for name in names]


def _part(name: str, needs: tuple[str, ...]) -> Part:
    metadata = distribution(name).metadata
    return Part(name, metadata["Version"], licence_of(name), metadata.get("Summary") or "", needs)


def licence_of(name: str) -> str:
    """What a part is under: read in its file, else by its metadata; empty where neither says it in SPDX."""
    if known := told()["with_reason"].get(name, {}).get("licence") or told()["read_in_its_file"].get(name):
        return str(known)
    return next(filter(None, map(_spdx, _said(name))), "")


def _said(name: str) -> Iterator[str]:
    metadata = distribution(name).metadata
    yield metadata.get("License-Expression") or ""
    yield metadata.get("License") or ""
    classifiers = [
        text.rpartition("::")[2].strip() for text in metadata.get_all("Classifier") or [] if "License" in text
    ]
    if len(classifiers) == 1:
        yield classifiers[0]


@cache
def _licensing() -> Any:
    return get_spdx_licensing()  # reads a list of thousands anew at each call


def _spdx(text: str) -> str:
    text = _PLAIN.get(text, text)
    if not text or len(text) > 200 or not re.fullmatch(r"[\w.+() -]+", text):
        return ""
    try:
        parsed = _licensing().parse(text, validate=True)
    except ExpressionError:
        return ""
    return str(parsed)


def names_in(expression: str) -> set[str]:
    """The licences that an expression names."""
    parsed: LicenseExpression = _licensing().parse(expression)
    return set(parsed.objects)


def refused(part: Part) -> str:
    """Why a part may not be here; empty where it may."""
    if part.name == OURS:
        return ""
    if not part.licence:
        return f"{part.name}: its licence is not known; read its file and write it into requirements/licences.yaml"
    reason = told()["with_reason"].get(part.name)
    strange = names_in(part.licence) - set(told()["allowed"])
    if strange and not (reason and reason["reason"]):
        return f"{part.name}: {', '.join(sorted(strange))} is not on the list of requirements/licences.yaml"
    return ""


__all__ = ["OURS", "PackageNotFoundError", "Part", "licence_of", "names_in", "parts", "refused", "told"]
