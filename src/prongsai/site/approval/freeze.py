"""Freezing: the files of a bundle are rendered once, and from then on only their bytes count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from prongsai.documents.build import build
from prongsai.documents.request import Letter
from prongsai.improvement import model
from prongsai.ledger.record import canonical
from prongsai.site.files.keep import Received
from prongsai.site.papers.catalog import Months, Wanted, kind_of
from prongsai.site.papers.letters import letter_of
from prongsai.site.papers.make import make, request_of, usual_layout, written
from prongsai.site.papers.sources import Sources

# The one-page brief comes first; the memo is what the ranks sign; the plan as data is what the next one is compared to.
PLAN_FILES = (("brief", "html"), ("brief", "pdf"), ("memo", "docx"), ("memo", "pdf"), ("measures", "docx"),
              ("measures", "pdf"), ("analysis", "pdf"))  # fmt: skip
REPORT_FILES = (("memo", "docx"), ("memo", "pdf"), ("progress", "docx"), ("progress", "pdf"))
PUBLIC = frozenset({"measures", "analysis", "progress"})
PLAN_DATA = "plan"
MONTHS: dict[str, Months] = {"report_6": 6, "report_12": 12}


@dataclass(frozen=True)
class Frozen:
    """One rendered file on its way into a bundle."""

    title: str
    kind: str
    layout: str
    received: Received


@dataclass(frozen=True)
class Rendered:
    """All files of a bundle, and the revision of the plan of which they were made."""

    files: tuple[Frozen, ...]
    plan_revision: int


def render(sources: Sources, subject: str, letter: Letter, digits: str = "thai") -> Rendered:
    """The files of a bundle from live data; ``letter`` is the memo's. Raises ``InputError`` for what cannot be made.

    Takes a second or two, so it is done before the action's transaction; the action then sees by the plan's revision
    whether it still holds.
    """
    assert sources.plan is not None
    sources.plan.refresh_from_db(fields=("revision", "state"))
    revision, months = sources.plan.revision, MONTHS.get(subject, 12)
    layout = usual_layout(sources)
    found = []
    for kind, form in REPORT_FILES if subject in MONTHS else PLAN_FILES:
        shape = layout if kind in ("measures", "analysis") else ""
        wanted = Wanted(kind, form, shape, "arabic" if digits == "arabic" else "thai", months)
        if kind == "memo":
            request = request_of(sources, wanted, letter)
            reported = sources.progress(months) if subject in MONTHS else None
            if reported:
                request = replace(request, progress=reported[0])
            made = written(sources, wanted, build(request))
        else:
            made = make(sources, wanted, letter_of(sources.letters.get(kind, {}), sources.assessment.agency))
        known = kind_of(kind)
        found.append(Frozen(known.th if known else kind, kind, shape, made.received))
    assert sources.shape is not None
    data = Received("มาตรการ.json", "json", sources.shape.model_dump_json(indent=1).encode())
    found.append(Frozen("ข้อมูลมาตรการ", PLAN_DATA, "", data))
    return Rendered(tuple(found), revision)


def digest_of(subject: str, number: int, files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of the bundle: its subject and number, and the sorted names and hashes of its files."""
    manifest = sorted([name, sha256] for name, sha256 in files)
    return hashlib.sha256(canonical({"subject": subject, "number": number, "files": manifest})).hexdigest()


def plan_of(data: bytes) -> model.Plan:
    """The plan as it was frozen."""
    return model.Plan.model_validate_json(data)
