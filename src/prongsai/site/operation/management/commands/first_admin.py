"""``python -m prongsai.site first_admin USERNAME``: the one account that nobody on the site can make yet."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from prongsai.site.people.actions import AddPerson, GiveRole
from prongsai.site.people.models import Role, RoleKind


class Command(BaseCommand):
    """The first system administrator of a new installation; all others are added on its pages."""

    help = "Make the first system administrator and print a password that is good for one sign-in."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Who it is."""
        parser.add_argument("username")
        parser.add_argument("given_name")
        parser.add_argument("family_name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refused where there is one: whoever can start commands must not slip in as another.

        One who let the time of the first password pass is none: otherwise nobody could ever sign in.
        """
        there = Role.objects.filter(kind=RoleKind.SYSTEM_ADMIN).select_related("person")
        if not all(role.person.first_password_ended for role in there):
            raise CommandError("มีผู้ดูแลระบบกลางแล้ว ให้เพิ่มคนอื่นในเว็บไซต์ (there is one already; add others on the site)")
        values = {name: options[name] for name in ("username", "given_name", "family_name")}
        with transaction.atomic():
            person, password = AddPerson(by=None, values=values).execute()
            GiveRole(by=None, role=Role(person=person, kind=RoleKind.SYSTEM_ADMIN), new=True).execute()
        days = settings.FIRST_PASSWORD.days
        self.stdout.write(
            f"รหัสผ่านใช้ครั้งเดียวของ {person.username} ใช้ได้ภายใน {days} วัน "
            f"(password for one sign-in within {days} days): {password}"
        )
