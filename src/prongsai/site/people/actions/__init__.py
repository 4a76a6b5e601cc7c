"""What may change about people: accounts, roles, handover and delegation."""

from prongsai.site.people.actions.accounts import (
    AddPerson,
    ChangePerson,
    ChoosePassword,
    HandOutPassword,
    RemoveSecondFactor,
    SetIdentity,
)
from prongsai.site.people.actions.administration import BeginAdministration, EndAdministration
from prongsai.site.people.actions.delegations import Delegate, Revoke
from prongsai.site.people.actions.handover import HandOver
from prongsai.site.people.actions.roles import AnswerInvitation, EndRole, GiveRole

__all__ = [
    "AddPerson",
    "AnswerInvitation",
    "BeginAdministration",
    "ChangePerson",
    "ChoosePassword",
    "Delegate",
    "EndAdministration",
    "EndRole",
    "GiveRole",
    "HandOutPassword",
    "HandOver",
    "RemoveSecondFactor",
    "Revoke",
    "SetIdentity",
]
