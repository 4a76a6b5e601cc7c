"""The decision was made outside: on paper, or with a digital signature. The signed file comes back and is bound."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prongsai.site.approval.actions._bundle import OnBundle, refuse_when_over, window_of
from prongsai.site.approval.actions.act import NEEDS_REASON
from prongsai.site.approval.models import Signature, Turn, Verb
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import refuse


@dataclass(kw_only=True)
class DecideOnPaper(OnBundle):
    """Record what a signed file says: who signed, when, and the decision. The officer answers for the typing.

    ``verdict`` is what was found in a digitally signed PDF; empty for a scan.
    """

    received: Received
    verb: Verb
    signed_as: str
    signed_on: dt.date
    text: str = ""
    verdict: dict[str, Any] = field(default_factory=dict)
    code = "approval.paper"
    th = "{actor} นำเข้าฉบับลงนาม ({method}): {signed_as} {verb}{what} ฉบับที่ {number} {reason}"
    en = "{actor} brought in the signed file ({method_en}): {signed_as}, {verb_en}, {what_en} no. {number} {reason}"

    @property
    def method(self) -> str:
        """How it was signed."""
        return "pades" if self.verdict else "scan"

    def check(self) -> None:
        """Still open, signed after it was submitted and before the window closed, with a reason where one is due."""
        self.lock_open()
        today, submitted = timezone.localdate(), timezone.localtime(self.bundle.at).date()
        if not submitted <= self.signed_on <= today:
            raise refuse(
                "approval.signed_on",
                "วันที่ลงนามต้องไม่ก่อนวันที่เสนอ และไม่เกินวันนี้",
                "the day of signing is before the submission or after today",
                "โปรดตรวจวันที่ในฉบับลงนาม",
                "Check the date on the signed copy.",
            )
        window = window_of(self.bundle.plan.assessment, self.bundle.subject)
        # Ink has its date on the paper. A digital signature's clock is the signer's own, so today counts.
        if window and (self.signed_on if self.method == "scan" else today) > window.closes:
            refuse_when_over(window)
        if self.verb in NEEDS_REASON and not self.text.strip():
            raise refuse(
                "approval.reason",
                f"การ{self.verb.label}ต้องระบุเหตุผล",
                f"“{self.verb.label}” needs a reason",
                "โปรดพิมพ์เหตุผลตามฉบับลงนาม",
                "Type the reason as it stands on the signed copy.",
            )

    def do(self) -> Signature:
        """Keep the file, write the last rank's turn, close the bundle."""
        signature = Signature.objects.create(
            bundle=self.bundle,
            method=self.method,
            file=keep(self.received, self.agency(), self.by),
            verdict=self.verdict,
            verb=self.verb,
            signed_as=self.signed_as.strip(),
            signed_on=self.signed_on,
            by=self.by,
        )
        last = Turn.objects.filter(bundle=self.bundle).order_by("order").last()
        if last:
            last.verb, last.text, last.signed_as = self.verb, self.text.strip(), self.signed_as.strip()
            last.signature, last.at = signature, timezone.now()
            last.save()
        self.close(self.verb)
        return signature

    def facts(self) -> dict[str, Any]:
        """Which bundle, how, which bytes."""
        methods = {"method": str(dict(Signature.METHODS)[self.method]), "method_en": self.method}
        verb = {"verb": str(self.verb.label), "verb_en": self.verb.value, "sha256": self.received.sha256}
        return {**super().facts(), **methods, **verb}

    def personal(self) -> dict[str, Any]:
        """Who signed, and the reason."""
        return {"signed_as": self.signed_as.strip(), "reason": self.text.strip()}
