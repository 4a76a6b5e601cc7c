"""What changes here: a document is taken out, letter fields are kept, a template comes in or is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Max

from prongsai.site.agencies.models import Agency
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import Action, refuse
from prongsai.site.papers.catalog import kind_of
from prongsai.site.papers.make import Made
from prongsai.site.papers.models import Download, LetterFields, Template
from prongsai.site.rounds.models import Assessment


def kind_name(name: str) -> str:
    """A kind in Thai, for the log."""
    kind = kind_of(name)
    return str(kind.th) if kind else name


@dataclass(kw_only=True)
class TakeOut(Action):
    """Record that a document was downloaded, with the hash of its bytes and of what it was made from."""

    assessment: Assessment
    made: Made
    code = "papers.take_out"
    th = "{actor} ดาวน์โหลด{kind} ชนิด {form} (SHA-256 {sha256})"
    en = "{actor} downloaded {kind_en} as {form} (SHA-256 {sha256})"

    def agency(self) -> Agency:
        """Of the year."""
        return self.assessment.agency

    def subject(self) -> models.Model:
        """The year."""
        return self.assessment

    def do(self) -> Download:
        """Write the record."""
        wanted = self.made.wanted
        return Download.objects.create(
            assessment=self.assessment,
            kind=wanted.kind,
            layout=wanted.layout,
            form=wanted.form,
            digits=wanted.digits,
            months=wanted.months,
            template=self.made.template,
            sha256=self.made.sha256,
            made_from=self.made.made_from,
            by=self.by,
        )

    def facts(self) -> dict[str, Any]:
        """What, in which form, which bytes."""
        wanted = self.made.wanted
        return {
            "kind": kind_name(wanted.kind),
            "kind_en": wanted.kind,
            "form": wanted.form.upper(),
            "sha256": self.made.sha256,
        }


@dataclass(kw_only=True)
class KeepLetter(Action):
    """Keep the letter fields of one kind. ``version`` is the one the form was filled in from."""

    assessment: Assessment
    kind: str
    data: dict[str, str]
    version: int
    code = "papers.keep_letter"
    th = "{actor} บันทึกช่องในหนังสือของ{kind}"
    en = "{actor} kept the letter fields of {kind_en}"

    def agency(self) -> Agency:
        """Of the year."""
        return self.assessment.agency

    def subject(self) -> models.Model:
        """The year."""
        return self.assessment

    def check(self) -> None:
        """Nobody else has kept other fields meanwhile."""
        rows = LetterFields.objects.select_for_update().filter(assessment=self.assessment, kind=self.kind)
        row = rows.first()
        if (row.version if row else 0) != self.version:
            raise refuse(
                "papers.letter_changed",
                "มีผู้อื่นบันทึกช่องเหล่านี้ระหว่างที่ท่านกรอก",
                "someone else kept these fields while you were typing",
                "โปรดเทียบค่าปัจจุบันที่แสดงไว้กับที่ท่านพิมพ์ แล้วบันทึกอีกครั้ง",
                "Compare the values shown with what you typed, then save again.",
            )

    def do(self) -> LetterFields:
        """Keep."""
        row, _ = LetterFields.objects.update_or_create(
            assessment=self.assessment,
            kind=self.kind,
            defaults={"data": self.data, "version": self.version + 1, "by": self.by},
        )
        return row

    def facts(self) -> dict[str, Any]:
        """Which kind; the fields themselves may name people."""
        return {"kind": kind_name(self.kind), "kind_en": self.kind}


@dataclass(kw_only=True)
class AddTemplate(Action):
    """Take in a new version of a template; from now on it is used."""

    to: Agency
    kind: str
    received: Received
    code = "papers.add_template"
    th = "{actor} นำเข้าแม่แบบ{kind} ฉบับที่ {version} (SHA-256 {sha256})"
    en = "{actor} brought in template version {version} for {kind_en} (SHA-256 {sha256})"
    version: int = 0

    def agency(self) -> Agency:
        """Whose it is."""
        return self.to

    def do(self) -> Template:
        """Keep the file; older versions stay, switched off."""
        own = Template.objects.filter(agency=self.to, kind=self.kind)
        self.version = (own.aggregate(last=Max("version"))["last"] or 0) + 1
        own.update(active=False)
        file = keep(self.received, self.to, self.by)
        return Template.objects.create(agency=self.to, kind=self.kind, version=self.version, file=file, by=self.by)

    def facts(self) -> dict[str, Any]:
        """Which kind and version."""
        return {**_kind_facts(self.kind), "version": self.version, "sha256": self.received.sha256}


@dataclass(kw_only=True)
class UseTemplate(Action):
    """Use a version of a template, or with ``active=False`` none at all: the form of the platform."""

    template: Template
    active: bool
    code = "papers.use_template"
    th = "{actor} {verb}แม่แบบ{kind} ฉบับที่ {version}"
    en = "{actor} {verb_en} template version {version} for {kind_en}"

    def agency(self) -> Agency:
        """Whose it is."""
        return self.template.agency

    def subject(self) -> models.Model:
        """The template."""
        return self.template

    def do(self) -> None:
        """At most one version of a kind is active."""
        Template.objects.filter(agency=self.template.agency, kind=self.template.kind).update(active=False)
        Template.objects.filter(pk=self.template.pk).update(active=self.active)

    def facts(self) -> dict[str, Any]:
        """Which kind and version."""
        verbs = {"verb": "เลือกใช้" if self.active else "เลิกใช้", "verb_en": "chose" if self.active else "stopped using"}
        return {**_kind_facts(self.template.kind), "version": self.template.version, **verbs}


def _kind_facts(kind: str) -> dict[str, Any]:
    return {"kind": kind_name(kind) if kind else "ทุกชนิดเอกสาร", "kind_en": kind or "all kinds"}
