"""What each sabotage takes away: row of docs/security/attacks.yaml → where in the code → what stands there instead.

A change gets what is there and gives what shall be. ``sabotage.py`` applies it; ``test_controls.py`` looks whether the
row's test notices.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from django.utils.safestring import SafeString

Change = Callable[[Any], Any]


def always(value: Any) -> Change:
    """A function that gives this, whatever it is asked."""
    return lambda _: lambda *_args, **_named: value


def instead(value: Any) -> Change:
    """Another value."""
    return lambda _: value


def handed_back(place: int = 0) -> Change:
    """A function that gives back what it was given there."""
    return lambda _: lambda *args, **_named: args[place]


def each(value: Any) -> Change:
    """A mapping with this for every key."""
    return lambda kept: MappingProxyType(dict.fromkeys(kept, value))


def policy(*sources: str) -> Change:
    """A content policy of these sources alone."""
    return instead({"DIRECTIVES": {"default-src": list(sources)}})


NOTHING = always(None)  # a check that refuses no more
FREE = {"prongsai.site.people.access:may": always(True)}  # everybody may do everything
ANYWHERE = {"prongsai.evidence.network:Network.addresses": lambda _: _whatever_resolves}


async def _whatever_resolves(self: Any, host: str, port: int) -> Any:
    return await self.resolve(host, port)


def _hash_of_anybody(_salt: str, value: str, **_named: Any) -> Any:
    return hashlib.sha256(value.encode())


def _any_url(_self: Any, text: str) -> Any:
    import httpx

    return httpx.URL(text)


def _findings_for_anybody(reading: Any) -> Any:
    from prongsai.site.nation import odd

    kept = reading.result.signals
    return kept and odd._table(kept.sha256, kept.pk)


def _shown(_: Any) -> Any:
    from prongsai.analysis.disclosure import SHOWN

    return lambda *_args, **_named: SHOWN


def _told(_: Any) -> Any:
    """The surface's failures in full."""
    import logging

    def logged(error: Exception) -> str:
        logging.getLogger("prongsai.site.ask.surface").error("error 12345678 %s", error)
        return "12345678"

    return logged


def _forever(_: Any) -> Any:
    from django.db.models import Q

    return lambda *_args, **_named: Q()


def _turn_of_anybody(_: Any) -> Any:
    """Whoever acts has the seat; who proposed it may act, too."""

    def check(self: Any) -> None:
        from prongsai.site.approval.chain import current_turn

        self.lock_open()
        self.turn, self.signed_as = current_turn(self.bundle), "x"

    return check


def _lent_for_ever(kept: Any) -> Any:
    """Whatever was ever lent to a person is held."""

    def held(person: Any) -> Any:
        from prongsai.site.people.models import Delegation

        return kept(person) + [one.role for one in Delegation.objects.filter(to=person).select_related("role")]

    return held


def _decided_by_anybody(_: Any) -> Any:
    def to_decide(_person: Any) -> Any:
        from prongsai.site.inspection.models import Clarification

        return Clarification.objects.filter(state="filed")

    return to_decide


def _held_for_anybody(_: Any) -> Any:
    def held(token: str, _by: Any) -> Any:
        from django.core import signing

        from prongsai.site.exchange import incoming

        return incoming._folder() / f"{signing.loads(token, salt=incoming._SALT)[0]}.zip"

    return held


def _by_name(_: Any) -> Any:
    """The kind that a file's name claims."""
    kinds = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx"}
    return lambda _data, name: kinds.get(name.rpartition(".")[2].lower(), "")


def _without_heads(kept: Any) -> Any:
    return lambda chain, keys, *_heads, **_named: kept(chain, keys)


def _passed_on(_: Any) -> Any:
    return lambda self, request: self.get_response(request)


def _any_token(_: Any) -> Any:
    """Whoever bears any token may do everything to every agency."""

    def called(_self: Any, request: Any) -> Any:
        from prongsai.site.api.tokens import as_person, token_of

        token = token_of(request.headers.get("Authorization", ""))
        as_person(request, token)
        return token

    return called


def _never_over(_: Any) -> Any:
    return lambda _began, seen: seen + dt.timedelta(days=999)


def _as_claimed(_: Any) -> Any:
    return lambda header: header("HTTP_X_FORWARDED_FOR") or header("REMOTE_ADDR")


def _never_at_rest(_: Any) -> Any:
    from prongsai.site.people.access import roles_held

    return roles_held


def _readable(_: Any) -> Any:
    return lambda packed, *_args: packed.encode()


SABOTAGE: dict[str, dict[str, Change]] = {
    # --- answers on their way
    "mixed-early": {"prongsai.survey.letterbox:mix": always(0)},
    "order-guessed": {"prongsai.survey.letterbox:_random": instead(random)},
    "read-in-database": {"prongsai.survey.letterbox:seal": _readable},
    "answer-from-sizes": {"prongsai.site.ask.surface:PADDED": instead(1)},
    "respondent-headers": {"prongsai.site.ask.surface:HEADERS": each("default-src *")},
    "respondent-in-log": {"prongsai.site.ask.surface:_logged": _told},
    "metrics-as-clock": {"prongsai.site.operation.metrics:Held.add": lambda _: lambda _self, one: [one]},
    "guess-codes": {"prongsai.site.ask.limits:Buckets.take": always(0.0)},
    "robot-answers": {"prongsai.site.ask.steps:TRAP": instead("nobody-fills-this")},
    "forged-ticket": {"django.core.signing:Signer.unsign": lambda _: lambda _self, text: text.rpartition(":")[0]},
    "huge-form": {"prongsai.site.ask.surface:MOST_BYTES": instead(10**9)},
    "live-counter": {
        "prongsai.site.surveys.counts:groups": lambda kept: lambda days, opened, today, k: kept(days, opened, today, 1)
    },
    "today-counter": {
        "prongsai.site.surveys.counts:groups": lambda kept: (
            lambda days, opened, today, k: kept(days, opened, today.replace(year=today.year + 1), k)
        )
    },
    "interview-replayed": {"prongsai.site.fieldwork.sync:_again": lambda _: lambda one, _digest: _here(one)},
    # --- small groups
    "answers-of-few": {"prongsai.analysis.disclosure:may_show_score": _shown},
    "best-of-few": {"prongsai.analysis.pinned:pinned": always(frozenset())},
    "all-alike": {"prongsai.analysis.disclosure:may_show_tally": _shown},
    "neighbours-of-hidden": {"prongsai.analysis.disclosure:may_show_score": _shown},
    "small-counter-by-total": {
        "prongsai.analysis.disclosure:beside_their_total": lambda kept: lambda counts, _k: kept(counts, 0)
    },
    "export-of-small": {"prongsai.site.results.shown_data:shown_data": handed_back()},
    "signals-outside": {"prongsai.site.nation.odd:findings": lambda _: _findings_for_anybody},
    # --- who may have what
    "read-another-agency": FREE,
    "address-without-door": {"doors:DOORS": lambda kept: kept[1:]},
    "read-import-of-another": FREE,
    "draft-read-early": FREE,
    "reach-of-province": {"prongsai.site.people.access:_covers": always(True)},
    "rights-raised": {"prongsai.site.api.tokens:may": always(True)},
    "account-taken-over": {"prongsai.site.people.access:runs_account": always(True)},
    "role-after-its-end": {"prongsai.site.people.models:now_in_force": _forever},
    "delegation-after-its-end": {"prongsai.site.people.access:roles_held": _lent_for_ever},
    "token-of-leaver": FREE,
    "token-elsewhere": {"prongsai.site.api.write_door:Door.__call__": _any_token},
    "token-in-database": {"prongsai.site.api.tokens:digest_of": handed_back()},
    "act-out-of-turn": {"prongsai.site.approval.actions.act:Act.check": _turn_of_anybody},
    "approve-own": {"prongsai.site.approval.actions.act:Act.check": _turn_of_anybody},
    "approve-unread": {"prongsai.site.approval.actions._bundle:OnBundle.lock_open": NOTHING},
    "own-agency-judged": {"prongsai.site.inspection.judging:check_judge": NOTHING},
    "second-mark-foreseen": {"prongsai.site.inspection.judging:salted_hmac": instead(_hash_of_anybody)},
    "second-mark-seen-by-state": {
        "prongsai.site.inspection.models:Evidence.told_state": instead(property(lambda self: self.state))
    },
    "verdict-read-in-history": {"prongsai.site.history.entries:UNTOLD": instead(())},
    "field-read-in-history": {"prongsai.site.history.entries:UNTOLD": instead(())},
    "verdict-exported-early": {"prongsai.site.exchange.write:untell": NOTHING},
    "marked-evidence-changed": {"prongsai.site.inspection.actions.confirm:_need_unmarked": NOTHING},
    "friend-decides-own-appeal": {
        "prongsai.site.inspection.judging:check_judge": NOTHING,
        "prongsai.site.inspection.judging:to_decide": _decided_by_anybody,
    },
    "verdict-without-reason": {"prongsai.site.inspection.judging:check_verdict": NOTHING},
    "evidence-exchanged": {
        "prongsai.evidence.preserve.store:Store.get": lambda _: lambda self, name: self._path(name).read_bytes()
    },
    "who-sees-copies": FREE,
    # --- the history
    "history-altered": {"prongsai.ledger.verify:_fault": NOTHING},
    "history-made-anew": {"prongsai.ledger.verify:signed": always(True)},
    "history-by-operator": {"prongsai.ledger.verify:verify": _without_heads},
    "action-without-entry": {"prongsai.site.history.action:Action._log": NOTHING},
    # --- what is fetched and sent
    "fetch-inside": ANYWHERE,
    "private-address": {"prongsai.evidence.network:is_public": always(True)},
    "redirect-inside": ANYWHERE,
    "strange-scheme": {"prongsai.evidence.network:Network.vetted": instead(_any_url)},
    "webhook-inside": ANYWHERE,
    "webhook-address": {"prongsai.site.api.webhooks:unfit": NOTHING},
    "webhook-secret-stored": {"prongsai.site.api.webhooks:locked": handed_back()},
    # --- what is taken in
    "template-attack": {"prongsai.documents.template_docx:check_template": handed_back()},
    "zip-bomb-template": {"prongsai.documents.template_docx:MAX_RATIO": instead(10**9)},
    "picture-that-is-none": {"prongsai.site.files.keep:kind_of": _by_name},
    "place-in-picture": {"prongsai.site.files.keep:for_display": handed_back()},
    "archive-of-another": {"prongsai.site.exchange.incoming:held": _held_for_anybody},
    "archive-hostile": {
        "prongsai.site.exchange.archive:_check_shape": NOTHING,
        "prongsai.site.exchange.archive:_check_files": NOTHING,
    },
    # --- what is shown
    "script-in-name": {"django.utils.html:conditional_escape": lambda _: SafeString},
    "formula-in-csv": {"prongsai.publishing.opendata.formats.csv:harmless_frame": handed_back()},
    "framed": {"settings:CONTENT_SECURITY_POLICY": policy("'self'")},
    "kept-in-cache": {
        "prongsai.site.base.middleware:LanguageMiddleware.__call__": _passed_on,
        "prongsai.site.base.headers:HeadersMiddleware.__call__": _passed_on,
    },
    "secrets-in-log": {"prongsai.site.operation.logs:redacted": handed_back()},
    "metrics-read": {"secrets:compare_digest": always(True)},
    "endless-upload": {"prongsai.site.base.bodies:BodyMiddleware.process_view": NOTHING},
    "host-forged": {"django.http.request:validate_host": always(True)},
    "api-flooded": {"prongsai.site.ask.limits:Buckets.take": always(0.0)},
    "inside-by-log-line": {"prongsai.site.operation.logs:_message": lambda _: lambda record: record.getMessage()},
    "guessed-charset": {
        "prongsai.site.files.keep:MEDIA_TYPES": lambda kept: {k: v.split(";")[0] for k, v in kept.items()}
    },
    "name-that-misleads": {"prongsai.site.files.names:safe_name": handed_back()},
    "copy-of-others": {"prongsai.site.privacy.copy_of:_anothers": always(False)},
    "infected-file": {"prongsai.site.files.scanner:require_clean": NOTHING},
    "scanner-away": {"prongsai.site.files.scanner:require_clean": NOTHING},
    "crowd-tells": {"prongsai.site.ask.surface:PADDED": instead(1)},
    # --- signing in
    "open-session": {"prongsai.site.people.sessions:_over_at": _never_over},
    "session-for-ever": {"prongsai.site.people.sessions:_over_at": _never_over},
    "session-of-leaver": {"prongsai.site.people.sessions:end_sessions": always(0)},
    "password-alone": {"prongsai.site.people.factor:is_missing": always(False)},
    "factor-walked-past": {"prongsai.site.people.factor:is_missing": always(False)},
    "factor-by-proxy": {"prongsai.site.people.factor:is_missing": always(False)},
    "code-used-twice": {"prongsai.site.people.factor:spend": always(True)},
    "code-used-at-once": {"prongsai.site.people.factor:spend": always(True)},
    "near-password": {"prongsai.site.people.passwords:ContextWords.validate": NOTHING},
    "provider-of-another": {"prongsai.site.people.issuer:check_issuer": NOTHING},
    "doors-tried": {"prongsai.site.people.denied:Counted.reaches": always(False)},
    "many-on-one-account": {"prongsai.site.people.lockout:_failures": always(0)},
    "one-on-many-accounts": {"prongsai.site.people.lockout:_failures": always(0)},
    "chief-locked-out": {"prongsai.site.people.lockout:_is_known": always(False)},
    "address-claimed": {"prongsai.site.base.address:client_address": _as_claimed},
    "administrator-idle": {"prongsai.site.people.access:roles_of": _never_at_rest},
    "administration-without-end": {"prongsai.site.people.access:roles_of": _never_at_rest},
    "password-guessed": {"settings:AXES_FAILURE_LIMIT": instead(10**6)},
    "code-guessed": {"allauth.core.ratelimit:consume": always(True)},
    "led-elsewhere": {"django.utils.http:url_has_allowed_host_and_scheme": always(True)},
    "password-used-forever": {"prongsai.site.people.middleware:OneTimePasswordMiddleware.process_view": NOTHING},
    "password-found-later": {"prongsai.site.people.models:Person.first_password_ended": instead(False)},
    "session-learnt": {"django.contrib.sessions.backends.base:SessionBase.cycle_key": NOTHING},
    "weak-password": {"django.contrib.auth.password_validation:validate_password": NOTHING},
    "factor-in-database": {
        "prongsai.site.people.login:SecondFactorAdapter.encrypt": handed_back(1),
        "prongsai.site.people.login:SecondFactorAdapter.decrypt": handed_back(1),
    },
}


def _here(one: Any) -> dict[str, str]:
    return {"id": one.id, "outcome": "here"}
