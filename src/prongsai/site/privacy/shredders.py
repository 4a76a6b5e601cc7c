"""What carries out the rules: one function a rule, which says what is over its time and how it goes.

Each is named by ``shredder`` in ``rules.yaml`` and gives heaps of rows (``Due``). Running one again finds nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from prongsai.site.agencies.models import Unit
from prongsai.site.api.models import Sent, Token
from prongsai.site.files.models import Stored
from prongsai.site.history.models import Entry
from prongsai.site.notices.models import Notice
from prongsai.site.people.models import Administration, Delegation, Role
from prongsai.site.privacy.anonymous import make_nameless, named
from prongsai.site.privacy.inventory import declared, own_models
from prongsai.site.privacy.models import Request
from prongsai.site.results.models import Import
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import PeopleList

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Due:
    """Rows over their time, and what is done to some of them."""

    rows: Rows
    shred: Callable[[Rows], object]


Shredder = Callable[[dt.datetime], list[Due]]
SHREDDERS: dict[str, Shredder] = {}


def shredder(function: Shredder) -> Shredder:
    """Register a shredder by its name. It is given the moment before which things are over their time."""
    SHREDDERS[function.__name__] = function
    return function


def _delete(rows: Rows) -> None:
    rows.delete()


def _over(rows: Rows) -> list[Due]:
    return [Due(rows, _delete)]


@shredder
def accounts(before: dt.datetime) -> list[Due]:
    """Accounts whose last role, own or lent, ended before; without any, those neither made nor used since.

    An invitation to a role keeps an account as long as a role that ended on the day it was to begin.
    """
    day = timezone.localtime(before).date()
    held = Role.objects.filter(person=OuterRef("pk"), accepted=True)
    rows = named().filter(
        ~Exists(held.filter(Q(end__isnull=True) | Q(end__gte=day))),
        ~Exists(Role.objects.filter(person=OuterRef("pk"), accepted=False, start__gte=day)),
        ~Exists(Delegation.objects.filter(to=OuterRef("pk"), end__gte=day)),
        Exists(held) | (Q(joined__lt=before) & (Q(last_login__isnull=True) | Q(last_login__lt=before))),
    )
    return [Due(rows, _make_nameless)]


def _make_nameless(rows: Rows) -> None:
    for person in rows:
        make_nameless(person)


@shredder
def history_names(before: dt.datetime) -> list[Due]:
    """Names and typed words of the history; digests stay."""
    rows = Entry.objects.filter(at__lt=before).exclude(salt="")
    return [Due(rows, lambda some: some.update(personal={}, salt="", actor=None))]


@shredder
def round_texts(before: dt.datetime) -> list[Due]:
    """Typed words that may tell of people, of rounds whose last step closed before."""
    day, found = timezone.localtime(before).date(), []
    last = Round.objects.annotate(last=Max("stages__closes"), longer=Max("stages__extensions__closes")).filter(
        Q(last__lt=day) & (Q(longer__isnull=True) | Q(longer__lt=day))
    )
    over = list(last.values_list("pk", flat=True))
    for model, field in _texts_of("round"):
        path = to_round(model)
        mine = Q(**{f"{path}__in": over}) if path else Q(at__lt=before)
        rows = model._default_manager.filter(mine).exclude(**{field: ""})
        found.append(Due(rows, partial(_empty, field)))
    return found


def _empty(field: str, rows: Rows) -> None:
    rows.update(**{field: ""})


def _texts_of(rule: str) -> Iterator[tuple[type[models.Model], str]]:
    for model in own_models():
        for field, why in ((declared(model) or {}).get("personal") or {}).items():
            if why["retention"] == rule:
                yield model, field


def to_round(model: type[models.Model]) -> str:
    """The shortest way of foreign keys from a model to the round; empty where there is none."""
    waiting: list[tuple[type[models.Model], str]] = [(model, "")]
    seen = {model}
    for one, path in waiting:
        for field in one._meta.local_fields:
            target = field.related_model
            if not field.is_relation or not isinstance(target, type) or target in seen:
                continue
            step = f"{path}__{field.name}" if path else field.name
            if target is Round:
                return step
            seen.add(target)
            waiting.append((target, step))
    return ""


@shredder
def sessions(before: dt.datetime) -> list[Due]:
    """Sessions that expired, also of the library's own table; an administrator's rights whose time is over."""
    kept = (Session, session_model())
    every = [
        due for model in dict.fromkeys(kept) for due in _over(model._default_manager.filter(expire_date__lt=before))
    ]
    return [*every, *_over(Administration.objects.filter(until__lt=before))]


def session_model() -> Any:
    """The table in which the site keeps sessions."""
    return import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()


@shredder
def sign_ins(before: dt.datetime) -> list[Due]:
    """Attempts to sign in."""
    return [
        due
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
        for due in _over(model.objects.filter(attempt_time__lt=before))
    ]


@shredder
def job_results(before: dt.datetime) -> list[Due]:
    """Background jobs that ended, well or not."""
    return _over(DBTaskResult.objects.filter(finished_at__lt=before))


@shredder
def notices(before: dt.datetime) -> list[Due]:
    """Messages."""
    return _over(Notice.objects.annotate(since=Coalesce("sent_at", "at")).filter(since__lt=before))


@shredder
def api_answers(before: dt.datetime) -> list[Due]:
    """Answers kept for programs that ask twice."""
    return _over(Sent.objects.filter(at__lt=before))


@shredder
def tokens(before: dt.datetime) -> list[Due]:
    """Keys of agencies' systems that open nothing any more."""
    day = timezone.localtime(before).date()
    return _over(Token.objects.filter(Q(revoked_at__lt=before) | Q(expires__lt=day)))


@shredder
def drafts(before: dt.datetime) -> list[Due]:
    """Files that were tried and never taken, with their bytes."""
    return [Due(Import.objects.filter(at__lt=before).exclude(state="accepted"), _drop_imports)]


def _drop_imports(rows: Rows) -> None:
    files = list(rows.values_list("file", flat=True))
    rows.delete()
    for stored in Stored.objects.filter(pk__in=files):
        forget_file(stored)


def forget_file(stored: Stored) -> bool:
    """Delete a kept file that nothing points to, and its bytes unless another row has the same; whether it went."""
    for relation in Stored._meta.get_fields(include_hidden=True):
        if not relation.auto_created or not relation.is_relation or relation.concrete:
            continue
        if relation.related_model._default_manager.filter(**{relation.field.name: stored}).exists():  # type: ignore[union-attr]
            return False
    content, name = stored.content, str(stored.content.name)
    stored.delete()
    if not Stored.objects.filter(content=name).exists():
        transaction.on_commit(lambda: content.storage.delete(name))
    return True


@shredder
def people_lists(before: dt.datetime) -> list[Due]:
    """Lists for a draw that outlived their survey."""
    return _over(PeopleList.objects.filter(survey__closed_at__lt=before))


@shredder
def unit_contacts(_before: dt.datetime) -> list[Due]:
    """Telephone and address of units that are retired."""
    rows = Unit.objects.filter(active=False).exclude(phone="", email="")
    return [Due(rows, lambda some: some.update(phone="", email=""))]


@shredder
def requests(before: dt.datetime) -> list[Due]:
    """Requests of people, answered long ago."""
    return _over(Request.objects.filter(answered_at__lt=before))
