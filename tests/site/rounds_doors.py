"""Doors of rounds and of the list of agencies."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import SIGNED_IN, Door, nothing

MANAGERS = {"assessor", "admin"}


def this_round(_cast: Cast) -> tuple[Any, ...]:
    return ("2568",)


def results_stage(_cast: Cast) -> tuple[Any, ...]:
    return ("2568", "results")


DOORS = [
    Door("agencies", SIGNED_IN, nothing),
    Door("agencies_xlsx", SIGNED_IN, nothing),
    Door("rounds", MANAGERS, nothing),
    Door("round_create", MANAGERS, nothing),
    Door("round", MANAGERS, this_round),
    Door("round_agencies", MANAGERS, this_round),
    Door("round_extend", MANAGERS, results_stage),
    Door("round_contact", MANAGERS, this_round),
    Door("round_close", MANAGERS, this_round),
    Door("round_reopen", MANAGERS, this_round, "post", (302, 409)),
    Door("round_framework", MANAGERS, this_round, "post", (409,)),
]
