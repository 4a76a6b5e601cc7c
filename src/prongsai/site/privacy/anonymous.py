"""An account that names nobody any more: its row stays, so that what was done keeps its author as a number."""

from __future__ import annotations

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import Q, QuerySet
from django.utils import timezone

from prongsai.site.api.models import Token
from prongsai.site.notices.models import Notice
from prongsai.site.people.models import Administration, Delegation, Person, Role
from prongsai.site.people.sessions import end_sessions
from prongsai.site.privacy.models import Request, Seen

NAMELESS = "(ลบข้อมูลแล้ว)"
_BEGINS = "erased-"


def named() -> QuerySet[Person]:
    """The accounts that still name somebody."""
    return Person.objects.exclude(username__startswith=_BEGINS)


def is_nameless(person: Person) -> bool:
    """Whether an account was made anonymous."""
    return person.username.startswith(_BEGINS)


def make_nameless(person: Person) -> None:
    """Take away all that names the person or lets anybody sign in as the person. Doing it twice is fine.

    What the person did keeps pointing to the row. Posts and times of roles stay: they tell of the office.
    """
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(username__iexact=person.username).delete()
    for owned in (EmailAddress, SocialAccount, Authenticator):
        owned.objects.filter(user=person).delete()
    end_sessions(person)
    Administration.objects.filter(person=person).delete()
    Notice.objects.filter(to=person).delete()
    Seen.objects.filter(person=person).delete()
    Token.objects.filter(by=person, revoked_at=None).update(revoked_at=timezone.now())
    Request.objects.filter(person=person).update(name="", contact="", words="", answer="")
    Delegation.objects.filter(Q(to=person) | Q(role__person=person)).update(reason="")
    Role.objects.filter(person=person, accepted=False).delete()
    person.username = f"{_BEGINS}{person.pk}-{secrets.token_hex(4)}"
    person.title, person.given_name, person.family_name = "", NAMELESS, ""
    person.position = person.phone = person.email = person.external = ""
    person.last_login, person.is_active = None, False
    person.set_unusable_password()
    person.save()
