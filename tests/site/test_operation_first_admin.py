"""A new installation gets one administrator from the command line, and no second one."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from prongsai.site.history.models import Entry
from prongsai.site.people.models import Person, RoleKind

pytestmark = pytest.mark.django_db


def test_the_first_administrator_signs_in_and_must_choose_a_password() -> None:
    out = io.StringIO()
    call_command("first_admin", "somchai", "สมชาย", "ใจดี", stdout=out)
    password = out.getvalue().rsplit(" ", 1)[1].strip()
    person = Person.objects.get()
    assert person.must_change
    assert [role.kind for role in person.roles.all()] == [RoleKind.SYSTEM_ADMIN]
    assert Entry.objects.count() == 2
    assert not Entry.objects.filter(personal__icontains=password).exists()
    client = Client()
    assert client.post("/accounts/login/", {"login": "somchai", "password": password}).status_code == 302
    with pytest.raises(CommandError, match="already"):
        call_command("first_admin", "second", "คนที่", "สอง")
    assert Person.objects.count() == 1
    Person.objects.update(handed_out=person.handed_out - settings.FIRST_PASSWORD)
    call_command("first_admin", "second", "คนที่", "สอง", stdout=out)  # the first can never sign in any more
    assert Person.objects.count() == 2
