"""What one agency's export consists of: which rows of which model, in an order in which they can be made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Q

from prongsai.site.agencies.models import Agency
from prongsai.site.history.entries import told

Text = tuple[str, str]  # Thai, English


@dataclass(frozen=True)
class Part:
    """The rows of one model that belong to an agency. ``omit``: fields that stay here, each with the reason.

    ``order`` is the same in every installation: rows are made in it, so their own numbers serve, but what agencies
    share (rounds) may have been made in another.
    """

    label: str
    rows: Callable[[Agency], Q]
    omit: dict[str, Text] = field(default_factory=dict)
    order: tuple[str, ...] = ("pk",)

    @property
    def model(self) -> type[models.Model]:
        """The model."""
        return apps.get_model(self.label)

    @property
    def file(self) -> str:
        """Its file in the archive, one row a line."""
        return f"data/{self.label.lower()}.jsonl"

    @property
    def fields(self) -> list[models.Field]:  # type: ignore[type-arg]
        """The columns that are written."""
        every = self.model._meta.local_fields
        return [f for f in every if not f.primary_key and f.name not in self.omit]

    @property
    def lists(self) -> list[models.ManyToManyField]:  # type: ignore[type-arg]
        """The many-to-many fields."""
        return list(self.model._meta.local_many_to_many)


def _of(path: str) -> Callable[[Agency], Q]:
    return lambda agency: Q(**{path: agency})


_IDENTITY: Text = (
    "บัญชีและช่องทางติดต่อเป็นของระบบเดิม ผู้ดูแลระบบเปิดบัญชีให้ใหม่",
    "accounts and contacts belong to the old installation; an administrator opens new ones",
)
_BYTES: Text = ("อยู่ในโฟลเดอร์ files ของไฟล์ส่งออก ตามค่าแฮช", "stands below files/ by its hash")
_SEAL: Text = (
    "ผนึกใหม่เมื่อนำเข้า เพราะเลขรายการเปลี่ยนไป ค่าแฮชของไฟล์ส่งออกอยู่ในประวัติการนำเข้า",
    "sealed anew on import, since numbers of rows change; the archive's hash stands in the entry of the import",
)
PERSON = "people.Person"
# A part stands after those that its foreign keys name; those that point to itself or back are set at the end.
PARTS = (
    # ``code`` is chosen on import; ``parent`` is looked up by its code in the manifest.
    Part("agencies.Agency", lambda agency: Q(pk=agency.pk), {"code": ("อยู่ใน manifest", "in the manifest"),
                                                             "parent": ("อยู่ใน manifest", "in the manifest")}),
    Part(PERSON, lambda _agency: Q(pk__in=()), dict.fromkeys(
        ("username", "password", "last_login", "phone", "email", "external", "is_active", "must_change", "handed_out",
         "joined"),
        _IDENTITY)),
    Part("files.Stored", _of("agency"), {"content": _BYTES}),
    Part("agencies.Unit", _of("agency")),
    Part("people.Role", _of("agency")),
    Part("people.Delegation", _of("role__agency")),
    Part("rounds.Round", _of("assessments__agency"), order=("slug",)),
    Part("rounds.Stage", _of("round__assessments__agency"), order=("round__slug", "opens", "closes", "kind")),
    Part("rounds.Extension",
         lambda agency: Q(stage__round__assessments__agency=agency) & (Q(agency=agency) | Q(agency=None))),
    Part("rounds.Assessment", _of("agency")),
    Part("results.Import", _of("assessment__agency")),
    Part("results.Result", _of("assessment__agency")),
    Part("inspection.Evidence", _of("assessment__agency")),
    Part("inspection.Link", _of("evidence__assessment__agency")),
    Part("inspection.CheckRun", _of("assessment__agency")),
    Part("inspection.Check", _of("link__evidence__assessment__agency")),
    Part("inspection.Confirmation", _of("assessment__agency")),
    Part("inspection.Clarification", _of("evidence__assessment__agency")),
    Part("plans.Plan", _of("assessment__agency")),
    Part("plans.Point", _of("plan__assessment__agency")),
    Part("plans.Measure", _of("point__plan__assessment__agency")),
    Part("plans.Step", _of("measure__point__plan__assessment__agency")),
    Part("plans.Report", _of("measure__point__plan__assessment__agency")),
    Part("plans.Deed", _of("report__measure__point__plan__assessment__agency")),
    Part("plans.Proof", _of("report__measure__point__plan__assessment__agency")),
    Part("plans.Comment", _of("plan__assessment__agency")),
    Part("papers.Template", _of("agency")),
    Part("papers.LetterFields", _of("assessment__agency")),
    Part("papers.Download", _of("assessment__agency")),
    Part("approval.Rank", _of("agency")),
    Part("approval.Bundle", _of("plan__assessment__agency")),
    Part("approval.BundleFile", _of("bundle__plan__assessment__agency")),
    Part("approval.Signature", _of("bundle__plan__assessment__agency")),
    Part("approval.Turn", _of("bundle__plan__assessment__agency")),
    Part("approval.Circular", _of("bundle__plan__assessment__agency")),
    Part("approval.Acknowledgement", _of("circular__bundle__plan__assessment__agency")),
    # What was exported and imported where is the history of an installation, not of the agency's work.
    Part("history.Entry", lambda agency: told(agency) & ~Q(action__startswith="exchange."),
         dict.fromkeys(("personal_hash", "digest", "number", "link", "signature"), _SEAL)),
)  # fmt: skip
BY_LABEL = {part.label: part for part in PARTS}
# Models that an export leaves out, each with the reason.
_INSPECTORS: Text = (
    "เป็นงานของผู้ตรวจประเมิน ไม่ใช่ของหน่วยงาน ผลที่หน่วยงานได้รับส่งออกพร้อมหลักฐานแต่ละข้อ",
    "work of the inspectors, not of the agency; the verdict it received goes with the evidence of each item",
)
_ANSWERS: Text = (
    "แบบสำรวจและคำตอบเป็นของผู้ประเมิน ไม่ออกไปกับข้อมูลของหน่วยงาน ผลที่ได้ส่งออกในผลการประเมินเท่าที่แสดงได้",
    "surveys and answers are the assessor's and never leave with an agency's data; the results have what may be shown",
)
_INTERVIEWS: Text = (
    "งานภาคสนามเป็นของผู้ประเมิน ไม่ใช่ของหน่วยงาน",
    "field work is the assessor's, not the agency's",
)
_NATION: Text = (
    "ผลทุกหน่วยงานเป็นของผู้ประเมิน ผลของหน่วยงานเองส่งออกอยู่แล้ว",
    "results of all agencies are the assessor's; the agency's own results go with it",
)
_KEYS: Text = (
    "โทเคนและ webhook เป็นของระบบเดิม ออกใหม่ได้ที่ระบบปลายทาง",
    "tokens and webhooks belong to the old installation; new ones are made in the other",
)
_SURVEYS = (
    "Form",
    "Survey",
    "Place",
    "Box",
    "CodeSet",
    "Code",
    "Seen",
    "Letter",
    "Answer",
    "Sums",
    "Sealed",
    "Day",
    "Wording",
    "PeopleList",
    "Job",
)
LEFT_OUT: dict[str, Text] = {
    **{
        f"people.{name}": ("การเข้าสู่ระบบที่กำลังใช้อยู่ในระบบเดิม", "sign-ins that are in use in the old installation")
        for name in ("Session", "Administration")
    },
    **{
        f"privacy.{name}": (
            "คำขอและประกาศของบุคคลในระบบเดิม ซึ่งไม่มีบัญชีในระบบใหม่ และเหตุที่เกิดกับระบบเดิม",
            "requests and notices of people who have no account in the new installation, and its own incidents",
        )
        for name in ("Request", "Seen", "Incident")
    },
    **{
        f"integrity.{name}": (
            "การตรวจประวัติและการประกาศหัวบัญชีเป็นของระบบเดิม",
            "verifications and posted heads are those of the old installation's history",
        )
        for name in ("Verification", "Posting")
    },
    **{f"surveys.{name}": _ANSWERS for name in _SURVEYS},
    **{f"fieldwork.{name}": _INTERVIEWS for name in ("Seal", "Assignment", "Interview")},
    "inspection.WatchedAddress": (
        "สิ่งที่ระบบนี้พบเมื่อเปิดลิงก์ ระบบใหม่เปิดดูเองได้",
        "what this installation saw of addresses; another one looks for itself",
    ),
    "inspection.Assignment": _INSPECTORS,
    "inspection.Mark": _INSPECTORS,
    "inspection.Conflict": _INSPECTORS,
    "inspection.Decision": _INSPECTORS,
    "inspection.Preserved": _INSPECTORS,
    **{f"nation.{name}": _NATION for name in ("NationResult", "NationJob", "NationAdjustment")},
    **{f"opendata.{name}": _NATION for name in ("Release", "PublishedAgency")},
    **{f"api.{name}": _KEYS for name in ("Token", "Sent", "Webhook", "Delivery")},
    "notices.Notice": (
        "ข้อความถึงบุคคลในระบบเดิม ซึ่งไม่มีบัญชีในระบบใหม่",
        "messages to people of the old installation, who have no account in the new one",
    ),
}
