"""The second factor: who must have one, and whether this session was begun, or has gone on, with one."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from prongsai.site.people.access import roles_held
from prongsai.site.people.models import Person, Role

_SHOWN = "second_factor"  # in the session: how it was shown, when the login library has no record of it


def demanding(person: Person) -> list[Role]:
    """The roles in force, lent ones too, for which ``PRONGSAI_SECOND_FACTOR`` asks for a second factor."""
    return [role for role in roles_held(person) if role.kind in settings.SECOND_FACTOR]


def is_missing(request: HttpRequest, person: Person) -> bool:
    """Whether the person must show a second factor in this session and has not."""
    return not is_shown(request) and bool(demanding(person))


def is_shown(request: HttpRequest) -> bool:
    """Whether this session rests on two factors: a code when signing in or since, or a provider's word for it."""
    if request.session.get(_SHOWN):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def shown(request: HttpRequest, how: str) -> None:
    """From now on this session rests on two factors. ``how``: ``app``, or the provider's id."""
    request.session[_SHOWN] = how


def spend(authenticator: Authenticator, code: str) -> bool:
    """Take a code of the app that fits; false where this one or a later one was taken before, by whatever process.

    The library remembers used codes in the memory of its own process alone. Here the last step of time whose code was
    taken stands beside the secret in the database, and one conditional UPDATE decides between simultaneous requests.
    """
    secret = decrypt(authenticator.data["secret"])
    step = max(
        (
            step
            for step in totp.yield_hotp_counters_from_time()
            if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step)))
        ),
        default=None,
    )
    if step is None:  # its time ran out since the library looked
        return False
    unspent = Q(data__step__isnull=True) | Q(data__step__lt=step)
    found = Authenticator.objects.filter(unspent, pk=authenticator.pk)
    return bool(found.update(data={**authenticator.data, "step": step}))


def asserted(login: Any) -> str:
    """The id of the provider whose ID token says that a second factor was used, if it is believed; else empty.

    ``login``: the login library's. Believed are the values that ``second_factor`` of the provider's settings lists, in
    ``amr`` or as ``acr`` of the ID token (RFC 8176, OpenID Connect Core 2), which came from the provider itself.
    """
    app = login.provider.app
    believed = set((app.settings or {}).get("second_factor") or ())
    token = login.account.extra_data.get("id_token")
    if not believed or not isinstance(token, dict):
        return ""
    said = token.get("amr")
    said = [*(said if isinstance(said, list) else [said]), token.get("acr")]
    return str(app.provider_id) if any(isinstance(one, str) and one in believed for one in said) else ""
