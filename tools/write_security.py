"""Writes docs/security/attacks.md and asvs.md from the tables beside them: ``python tools/write_security.py``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prongsai.yaml_file import read

ROOT = Path(__file__).parent.parent
SECURITY = ROOT / "docs" / "security"
SABOTAGE, SEEN = "sabotage", "seen: "
ANSWERS = ("yes", "partly", "no", "n.a.")
_MADE = "หน้านี้สร้างจาก `docs/security/{}` ด้วย `make docs` โปรดไม่แก้ไขด้วยมือ (made by `make docs`; do not edit)"
_ATTACKS = f"""# ตารางการโจมตี · The table of attacks

{_MADE.format("attacks.yaml")}

**{{rows}}** การโจมตี: **{{held}}** มีสิ่งป้องกัน ซึ่งมีการทดสอบที่จะล้มเหลวหากสิ่งป้องกันนั้นหายไป
และ **{{residual}}** ป้องกันไม่ได้และบอกไว้ตรง ๆ ท้ายหน้า

{{rows}} attacks: {{held}} are held off by something whose absence a test notices; {{residual}} are not, and say so.
That the test notices was seen in one of three ways:

- ⚙ ({{sabotage}} rows) the machine takes the defence away, the test fails, and passes again when it is back
  (`tests/security/broken.py`, run by `make test-full`);
- ⚔ ({{test}} rows) another test shows the same attack at work where nothing defends;
- ✍ ({{seen}} rows) no machine does it: the note says how the test would fail.
"""
_ASVS = f"""# OWASP ASVS 5.0.0, levels 1 and 2

{_MADE.format("asvs.yaml")}

หน้านี้ตอบข้อกำหนดทุกข้อของมาตรฐานตรวจสอบความมั่นคงปลอดภัยของแอปพลิเคชัน (ASVS 5.0.0) ระดับ 1 และ 2 ตามจริง ข้อที่ตอบว่า yes
ชี้การทดสอบหรือไฟล์ที่แสดง ข้อที่ยังไม่ครบบอกว่าขาดอะไร

Numbers and levels are those of the Application Security Verification Standard 5.0.0 (OWASP, <https://owasp.org/ASVS>);
the wording is ours and short, so read the standard for what exactly is asked. An answer is *yes* only with a test or
file that shows it. These are our own answers; nobody else has audited them.
"""


@dataclass(frozen=True)
class Attack:
    """A row of the table of attacks; only ``residual``, why it is not defended, in the place of the last three."""

    id: str
    actor: str
    asset: str
    attack: str
    where: str
    residual: str = ""
    defence: str = ""
    test: str = ""
    control: str = ""


@dataclass(frozen=True)
class Row:
    """A requirement of ASVS in our own words: its level, how it is answered, by which tests or files, and why."""

    id: str
    level: int
    says: str
    answer: str
    by: tuple[str, ...] = ()
    note: str = ""


def table() -> tuple[Mapping[str, Any], Mapping[str, Any], list[Attack]]:
    """Actors, assets and attacks."""
    data = read(SECURITY / "attacks.yaml").data
    return data["actors"], data["assets"], [Attack(id=name, **row) for name, row in data["attacks"].items()]


def asvs() -> tuple[Mapping[str, str], list[Row]]:
    """The chapters' names in our words, and every row."""
    data = read(SECURITY / "asvs.yaml").data
    rows = [
        Row(name, int(row["level"]), row["says"], row["answer"], tuple(row.get("by", ())), row.get("note", ""))
        for name, row in data["rows"].items()
    ]
    return data["chapters"], rows


def attacks_page() -> str:
    """The table by asset, with what is not defended at the end."""
    actors, assets, rows = table()
    held = [row for row in rows if not row.residual]
    kinds = Counter(_kind(row.control) for row in held)
    counts = {"rows": len(rows), "held": len(held), "residual": len(rows) - len(held), **kinds}
    lines = [_ATTACKS.format(**counts)]
    for asset, words in assets.items():
        lines += [f"## {words['th']} · {words['en']}", ""]
        lines += _rows(
            ("who", "what", "defence", "test", "seen to fail"),
            (
                (_actor(row), row.attack, f"{row.defence} ({_link(row.where)})", _test(row.test), _control(row.control))
                for row in held
                if row.asset == asset
            ),
        )
    lines += ["## สิ่งที่ป้องกันไม่ได้ · What is not defended", ""]
    lines += _rows(
        ("who", "what", "why, and what helps"),
        ((_actor(row), row.attack, f"{row.residual} ({_link(row.where)})") for row in rows if row.residual),
    )
    count = Counter(row.actor for row in rows)
    lines += ["## ผู้โจมตี · Who attacks", ""]
    lines += _rows(("", "", "rows"), ((words["th"], words["en"], str(count[name])) for name, words in actors.items()))
    return "\n".join(lines).rstrip() + "\n"


def asvs_page() -> str:
    """The counts, then every chapter."""
    chapters, rows = asvs()
    lines = [_ASVS]
    groups = {"level 1": [r for r in rows if r.level == 1], "level 2": [r for r in rows if r.level == 2], "both": rows}
    lines += _rows(("", *ANSWERS, "all"), ((name, *_counts(group)) for name, group in groups.items()))
    for chapter, name in chapters.items():
        own = [row for row in rows if row.id.partition(".")[0] == chapter]
        lines += [f"## {chapter} {name}", ""]
        lines += _rows(
            ("", "level", "asked, in our words", "answer", "shown by, or why"),
            ((row.id, str(row.level), row.says, row.answer, _shown(row)) for row in own),
        )
    return "\n".join(lines).rstrip() + "\n"


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of Markdown, with an empty line after it."""
    drawn = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {row} |" for row in drawn), ""]


def _counts(rows: Sequence[Row]) -> list[str]:
    found = Counter(row.answer for row in rows)
    return [str(found[one]) for one in ANSWERS] + [str(len(rows))]


def _shown(row: Row) -> str:
    return "; ".join([*(_test(one) for one in row.by), *([row.note] if row.note else [])])


def _kind(control: str) -> str:
    return SABOTAGE if control == SABOTAGE else "seen" if control.startswith(SEEN) else "test"


def _control(control: str) -> str:
    match _kind(control):
        case "sabotage":
            return "⚙"
        case "seen":
            return f"✍ {control.removeprefix(SEEN)}"
    return f"⚔ {_test(control)}"


def _test(name: str) -> str:
    """A test or file as a link; of a test its own name only."""
    path, _, function = name.partition("::")
    return f"[`{function or Path(path).name}`](../../{path})"


def _link(path: str) -> str:
    return f"[`{Path(path).name}`](../../{path})"


def _actor(row: Attack) -> str:
    return row.actor.replace("_", " ")


if __name__ == "__main__":
    (SECURITY / "attacks.md").write_text(attacks_page(), encoding="utf-8")
    (SECURITY / "asvs.md").write_text(asvs_page(), encoding="utf-8")
