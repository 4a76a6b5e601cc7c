"""The inventory as tables of ``docs/security/privacy.md``: between two marks, written by ``make docs``."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.site.privacy.inventory import ACTION, DEVICE, NONE, OUTSIDE, Rule, elsewhere, rules
from prongsai.site.privacy.records import records

BEGIN, END = "<!-- generated: make docs -->", "<!-- end of the generated part -->"
_WHO = {
    NONE: "คงไว้ · kept",
    OUTSIDE: "ผู้ดูแลเครื่อง · whoever runs the machine",
    ACTION: "ขั้นตอนที่ทำให้สิ้นสุด · the step that ends it",
    DEVICE: "เครื่องของผู้ใช้ · the user's device",
}


def put_into(page: str) -> str:
    """The page with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{generated()}\n{END}{after}"


def generated() -> str:
    """Rules, activities with every field, and what is kept outside the tables."""
    return "\n".join([*_rules(), "", *_activities(), *_elsewhere(), ""])


def _rules() -> Iterator[str]:
    yield "### ระยะเวลา · Retention\n"
    yield "| rule | days | ระยะเวลา | period | by | รอยืนยัน · to confirm |"
    yield "|---|---|---|---|---|---|"
    for rule in rules().values():
        days = "–" if rule.days is None else str(rule.days)
        yield _row(f"`{rule.name}`", days, rule.words.th, rule.words.en, _who(rule), "✓" if rule.confirm else "")


def _who(rule: Rule) -> str:
    return _WHO.get(rule.shredder, f"`{rule.shredder}`")


def _activities() -> Iterator[str]:
    yield "### กิจกรรมและข้อมูล · Activities and data\n"
    for record in records():
        one = record.activity
        yield f"#### {one.words.th} · {one.words.en}\n"
        yield f"- เจ้าของข้อมูล · whose: {one.whose.th} · {one.whose.en}"
        marked = " (รอผู้เชี่ยวชาญยืนยัน · to be confirmed by a specialist)" if one.basis.confirm else ""
        basis = f"{one.basis.words.th} · {one.basis.words.en}"
        yield f"- ฐาน · basis: {basis}, มาตรา {one.basis.section} · section {one.basis.section}{marked}"
        yield f"- เปิดเผยแก่ · disclosed to: {one.disclosed.th} · {one.disclosed.en}"
        yield f"- มาตรการ · measures: {one.measures.th} · {one.measures.en}\n"
        yield "| table | fields | วัตถุประสงค์ · purpose | rule |"
        yield "|---|---|---|---|"
        for line in record.lines:
            yield _row(f"`{line.model}`", line.said, " / ".join(line.purposes), f"`{line.rule.name}`")
        yield ""


def _elsewhere() -> Iterator[str]:
    yield "### นอกฐานข้อมูล · Outside the tables\n"
    yield "| place | name | คำอธิบาย | about | rule |"
    yield "|---|---|---|---|---|"
    for one in elsewhere():
        rule = f"`{one.rule.name}`" if one.rule else "ไม่เป็นข้อมูลส่วนบุคคล · not personal"
        yield _row(one.place, f"`{one.name}`", one.words.th, one.words.en, rule)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
