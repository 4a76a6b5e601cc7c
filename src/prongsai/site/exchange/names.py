"""What the parts of an export are called on screen; several small ones go by one name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prongsai.site.base.text import T

NAMES: dict[Any, tuple[str, ...]] = {
    T("ส่วนราชการ", "Units"): ("agencies.Unit",),
    T("บุคคล (ชื่อและตำแหน่ง)", "People (names and posts)"): ("people.Person",),
    T("บทบาทและการมอบหมาย", "Roles and delegations"): ("people.Role", "people.Delegation"),
    T("ไฟล์ที่เก็บไว้", "Kept files"): ("files.Stored",),
    T("การประเมินใหม่ในระบบนี้ พร้อมปฏิทิน", "Rounds new to this site, with their calendar"): (
        "rounds.Round", "rounds.Stage", "rounds.Extension",
    ),
    T("ปีการประเมิน", "Years of assessment"): ("rounds.Assessment",),
    T("ผลการประเมินและการนำเข้าผล", "Results and their imports"): ("results.Result", "results.Import"),
    T("หลักฐาน OIT ลิงก์ และการยืนยัน", "OIT evidence, links and confirmations"): (
        "inspection.Evidence", "inspection.Link", "inspection.Confirmation", "inspection.Clarification",
    ),
    T("ผลการตรวจสอบลิงก์", "Checks of links"): ("inspection.CheckRun", "inspection.Check"),
    T("แผนมาตรการ", "Plans"): ("plans.Plan",),
    T("ประเด็น มาตรการ และขั้นตอน", "Points, measures and steps"): ("plans.Point", "plans.Measure", "plans.Step"),
    T("รายงานผลและหลักฐาน", "Reports and proof"): ("plans.Report", "plans.Deed", "plans.Proof"),
    T("ความเห็นและคำแนะนำ", "Comments and advice"): ("plans.Comment",),
    T("แม่แบบและช่องในหนังสือ", "Templates and letter fields"): ("papers.Template", "papers.LetterFields"),
    T("บันทึกการดาวน์โหลดเอกสาร", "Records of downloads"): ("papers.Download",),
    T("สายการพิจารณา", "Approval chain"): ("approval.Rank",),
    T("ชุดเอกสารที่เสนอ การพิจารณา และลายมือชื่อ", "Bundles, decisions and signatures"): (
        "approval.Bundle", "approval.BundleFile", "approval.Signature", "approval.Turn",
    ),
    T("การแจ้งเวียนและการรับทราบ", "Circulars and acknowledgements"): ("approval.Circular", "approval.Acknowledgement"),
    T("ประวัติการดำเนินการ", "Entries of the history"): ("history.Entry",),
}  # fmt: skip


def named(counts: Iterable[tuple[str, int]]) -> list[tuple[Any, int]]:
    """Counts by label as rows to show; the agency itself is not counted."""
    found = dict(counts)
    return [(name, sum(found.get(label, 0) for label in labels)) for name, labels in NAMES.items()]
