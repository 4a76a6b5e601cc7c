"""From live data to the bytes of a document, and what they were made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from prongsai.documents.build import build, default_layout
from prongsai.documents.request import Letter, Request
from prongsai.documents.tree import Document
from prongsai.documents.writers import WriteOptions, write
from prongsai.errors import InputError, Problem
from prongsai.site.files.keep import Received, for_print
from prongsai.site.papers.catalog import Wanted, kind_of
from prongsai.site.papers.letters import letter_of
from prongsai.site.papers.models import Template
from prongsai.site.papers.sources import Sources
from prongsai.site.plans.convert import as_plan
from prongsai.site.rounds.models import Assessment


@dataclass(frozen=True)
class Made:
    """A document that was written, and what it was made from (``Sources.made_from``)."""

    wanted: Wanted
    name: str
    data: bytes
    made_from: str
    template: Template | None

    @property
    def sha256(self) -> str:
        """Hash of the bytes, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def received(self) -> Received:
        """As the files room keeps it."""
        return Received(self.name, self.wanted.form, self.data)


def request_of(sources: Sources, wanted: Wanted, letter: Letter | None = None) -> Request:
    """All that the documents room needs. Raises ``InputError`` before results came in, or without a plan to report."""
    sheet = sources.sheet()
    if sheet is None:
        raise _lacking(
            "ยังไม่มีผลการประเมินของปีนี้",
            "there are no results for this year yet",
            "โปรดนำเข้าผลการประเมินก่อน",
            "Bring in the results first.",
        )
    kind = kind_of(wanted.kind)
    needs = kind.needs if kind else frozenset()
    if needs and sources.plan is None:
        raise _lacking(
            "ยังไม่มีมาตรการของปีนี้",
            "there is no plan for this year yet",
            "โปรดจัดทำมาตรการก่อน",
            "Draw up the measures first.",
        )
    reported = sources.progress(wanted.months) if "progress" in needs else None
    emblem = sources.assessment.agency.emblem
    return Request(
        kind=wanted.kind,
        sheet=sheet,
        layout=wanted.layout or None,
        plan=sources.shape if wanted.kind != "analysis" else None,
        progress=reported[0] if reported else None,
        previous=sources.previous(),
        digits=wanted.digits,
        letter=letter or letter_of(sources.letters.get(wanted.kind, {}), sources.assessment.agency),
        emblem=for_print(emblem.read()) if emblem else None,
        pictures=reported[1] if reported else {},
    )


def usual_layout(sources: Sources) -> str:
    """The layout that follows from what the plan is filed as."""
    sheet = sources.sheet()
    if sheet is None:
        return "indicators"
    plan = as_plan(sources.plan, []) if sources.plan else None  # its points do not matter here
    return default_layout(Request("measures", sheet, plan=plan))


def make(sources: Sources, wanted: Wanted, letter: Letter | None = None) -> Made:
    """The document's bytes. The same live data give the same bytes. Raises ``InputError``."""
    document = build(request_of(sources, wanted, letter))
    return written(sources, wanted, document)


def written(sources: Sources, wanted: Wanted, document: Document) -> Made:
    """A built document as a file, in the agency's own template where it has one."""
    template = sources.template(wanted.kind) if wanted.form == "docx" else None
    options = WriteOptions(
        template=template.file.read() if template else None,
        template_name=template.file.name if template else "template.docx",
    )
    kind = kind_of(wanted.kind)
    made_from = sources.made_from(wanted.kind, kind.needs if kind else frozenset(), wanted.months)
    name = file_name(sources.assessment, wanted)
    return Made(wanted, name, write(document, wanted.form, options), made_from, template)


def file_name(assessment: Assessment, wanted: Wanted) -> str:
    """``มาตรการ…-2568-muang.docx``."""
    kind = kind_of(wanted.kind)
    return f"{kind.th if kind else wanted.kind}-{assessment.round.slug}-{assessment.agency.code}.{wanted.form}"


def _lacking(th: str, en: str, next_th: str, next_en: str) -> InputError:
    return InputError(Problem("papers.lacking", "", th, en, next_th, next_en))
