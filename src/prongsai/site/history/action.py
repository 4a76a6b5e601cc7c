"""An action: the only way to change state. It checks, does, and writes its log entry, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from prongsai.errors import Problem, ProngsaiError
from prongsai.site.history.chain import extend
from prongsai.site.history.models import Entry

if TYPE_CHECKING:
    from prongsai.site.agencies.models import Agency
    from prongsai.site.people.models import Person


class Refused(ProngsaiError):
    """An action that is not possible now, or not for this person, with the reason and what to do next."""


def refuse(code: str, th: str, en: str, next_th: str = "", next_en: str = "") -> Refused:
    """The usual refusal with one reason."""
    return Refused(Problem(code, "", th, en, next_th, next_en))


SENTENCES: dict[str, tuple[str, str]] = {}
UNTOLD: set[str] = set()  # codes of actions whose entries the agency concerned does not read


@dataclass(kw_only=True)
class Action:
    """Base of all actions. A subclass is a dataclass with its data, a namespaced ``code`` and two sentences.

    The sentences (``th``, ``en``) may use ``{actor}`` and the keys of ``facts()`` and ``personal()``. ``check`` raises
    ``Refused``; ``do`` changes the database and returns what the caller needs. ``told``: whether the agency that an
    entry belongs to reads it in its history; rooms with actions that are not told import them when the site starts.
    """

    by: Person | None

    code: ClassVar[str] = ""
    th: ClassVar[str] = ""
    en: ClassVar[str] = ""
    told: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.code:
            SENTENCES[cls.code] = (cls.th, cls.en)
            if not cls.told:
                UNTOLD.add(cls.code)

    def agency(self) -> Agency | None:
        """The agency in whose history this belongs."""
        return None

    def subject(self) -> models.Model | None:
        """What the action is about."""
        return None

    def check(self) -> None:
        """Raise ``Refused`` when the action is not possible."""

    def do(self) -> Any:
        """Change the state."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """Facts for the log that tell nothing about a person: strings and integers."""
        return {}

    def personal(self) -> dict[str, Any]:
        """Names and typed texts for the log."""
        return {}

    def execute(self) -> Any:
        """Check, do and log in one transaction. Raises ``Refused``; then nothing has changed."""
        with transaction.atomic():
            self.check()
            result = self.do()
            self._log()
        return result

    def _log(self) -> None:
        subject = self.subject()
        entry = Entry(
            at=timezone.now(),
            actor=self.by,
            agency=self.agency(),
            action=self.code,
            subject=f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else "",
            facts=self.facts(),
            personal={**({"actor": self.by.signed} if self.by else {}), **self.personal()},
        )
        entry.seal()
        entry.save()
        transaction.on_commit(extend, robust=True)  # what fails here is tied later; the action has happened
