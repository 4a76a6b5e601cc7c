"""Passwords: those that administrators hand out, and words of the context that count for nothing in chosen ones."""

from __future__ import annotations

import re
import secrets

from django.core.exceptions import ValidationError

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.agencies.models import Agency
from prongsai.site.base.text import T
from prongsai.site.people.access import roles_held
from prongsai.site.people.models import Person

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike (i l 1, o 0): read aloud on the telephone
_GROUPS, _EACH = 4, 4

# docs/security/accounts.md shows this list, and a test compares the two.
WORDS = (
    "prongsai", "โปร่งใส", "integrity", "คุณธรรม", "transparency", "assessment", "ประเมิน", "nacc", "thailand",
    "ประเทศไทย", "password", "รหัสผ่าน",
)  # fmt: skip
_SHORTEST = 4  # letters of a word: shorter ones stand inside ordinary words


def one_time_password() -> str:
    """Sixteen random letters and digits (79 bits) in groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_EACH)) for _ in range(_GROUPS))


class ContextWords:
    """Refuses a password that is little more than words of the context: this system, the person, the agencies.

    Such words may be part of a long phrase: without them and without spaces and signs ``least`` characters must be
    left that are not digits alone.
    """

    def __init__(self, least: int = 10) -> None:
        self.least = least

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ``ValidationError`` with the words that were found."""
        rest, found = _plain(password), []
        for word in _words(user):
            if word in rest:
                found.append(word)
                rest = rest.replace(word, "")
        if found and (len(rest) < self.least or rest.isdigit()):
            said = ", ".join(found)
            raise ValidationError(
                T(
                    f"มีคำที่ผู้อื่นเดาได้ ({said}) คำเหล่านี้ไม่นับ โปรดใช้คำอื่นให้ยาวอย่างน้อย {self.least} ตัวอักษร",
                    f"Words that others guess ({said}) do not count: use {self.least} or more other characters.",
                ),
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        """What the form says beforehand."""
        return str(T("ชื่อระบบ ชื่อบุคคล และชื่อหน่วยงานไม่นับ", "Names of this system, person and agency do not count."))


def _plain(text: str) -> str:
    """Small letters, digits and Thai vowel and tone marks, without spaces and signs."""
    return re.sub(r"[^\w\u0e30-\u0e4e]|_", "", text.casefold())


def _words(person: Person | None) -> list[str]:
    """All words of the context as they are looked for, the longest first."""
    given = [*WORDS, *AGENCY_KINDS.values()]
    if person is not None:
        given += [person.username, person.given_name, person.family_name]
        for agency in {role.agency for role in roles_held(person) if role.agency}:
            given += _names(agency)
    return sorted({word for one in given if len(word := _plain(one)) >= _SHORTEST}, key=lambda word: (-len(word), word))


def _names(agency: Agency) -> list[str]:
    """Its code and names, whole and in parts."""
    return [
        agency.code, *agency.code.split("-"),
        agency.name, *agency.name.split(), agency.name.removeprefix(agency.kind_name),
        agency.name_en, *agency.name_en.split(), agency.district, agency.province,
    ]  # fmt: skip
