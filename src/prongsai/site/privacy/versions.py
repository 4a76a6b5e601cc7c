"""Privacy notices by version: the text of each, which is in force, and which a signed-in person has not yet seen.

One file an audience, ``notices/NAME.yaml``, oldest version first. What was shown is never changed: another text is
another version, and each carries the digest of its words (``tests/site/test_privacy_notices.py``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.privacy.inventory import HERE, Words
from prongsai.site.privacy.models import Seen
from prongsai.survey.words import words as survey_words
from prongsai.yaml_file import read

NEW = "privacy_new"  # in the session: names of audiences whose notice this person has not put away
_AUDIENCES = ("respondent", "officer", "inspector", "visitor")
# What the first page of a survey says, shown there before anything is asked; a part of the respondents' notice.
SHORT = ("kept_title", "kept_answer", "kept_code", "kept_place", "not_kept_title", "not_kept", "who_title", "who",
         "rights_title", "rights", "network")  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One heading with its paragraphs."""

    title: Words
    text: tuple[Words, ...]


@dataclass(frozen=True)
class Version:
    """One version of a notice, in force from its day until the next."""

    audience: str
    number: int
    day: dt.date
    digest: str
    title: Words
    parts: tuple[Part, ...]
    data: dict[str, Any]

    def words_digest(self) -> str:
        """SHA-256 of what is said, hexadecimal; of respondents with what the survey's own first page says."""
        said: dict[str, Any] = {"title": self.data["title"], "parts": self.data["parts"]}
        if self.audience == "respondent" and self.number == len(versions("respondent")):
            said["short"] = {tag: {key: survey_words(tag).texts.get(key) for key in SHORT} for tag in ("th", "en")}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def audiences() -> tuple[str, ...]:
    """Names of all notices."""
    return _AUDIENCES


@cache
def versions(audience: str) -> tuple[Version, ...]:
    """Every version of a notice, the oldest first."""
    return tuple(
        Version(
            audience,
            number,
            dt.date.fromisoformat(str(one["date"])),
            one["digest"],
            Words(**one["title"]),
            tuple(Part(Words(**part["title"]), tuple(Words(**text) for text in part["text"])) for part in one["parts"]),
            one,
        )
        for number, one in enumerate(read(HERE / "notices" / f"{audience}.yaml").data["versions"], start=1)
    )


def in_force(audience: str, day: dt.date | None = None) -> Version:
    """The version in force on a day, today if none is given; before the first day, the first."""
    wanted, every = day or timezone.localdate(), versions(audience)
    return next((one for one in reversed(every) if one.day <= wanted), every[0])


def for_person(person: Person) -> list[str]:
    """The notices that concern someone: inspectors have one of their own."""
    kinds = set(Role.objects.filter(person=person).values_list("kind", flat=True))
    named = ["inspector"] if kinds & {RoleKind.INSPECTOR, RoleKind.SURVEYOR} else []
    return named + (["officer"] if kinds - {RoleKind.INSPECTOR, RoleKind.SURVEYOR} or not named else [])


def unseen(person: Person) -> list[str]:
    """Audiences whose notice in force the person has not put away."""
    seen = set(Seen.objects.filter(person=person).values_list("audience", "version"))
    return [name for name in for_person(person) if (name, in_force(name).number) not in seen]


def listen() -> None:
    """At every sign-in the session learns what is new: no page has to ask the database for it."""
    user_logged_in.connect(_note, dispatch_uid="privacy.notices")


def _note(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    if isinstance(user, Person) and request is not None and hasattr(request, "session"):
        request.session[NEW] = unseen(user)
