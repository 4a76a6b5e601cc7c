"""An act of a rank that was confirmed is there exactly once, with its one entry in an unbroken history."""

from __future__ import annotations

import random
import time

import pytest
from machine import FULL, ROUNDS, Machine, machine  # noqa: F401 - a fixture

BUNDLES = 120 if FULL else 30


def some_more(machine: Machine, more: int) -> None:  # noqa: F811
    """Until so many more acts are confirmed."""
    goal, end = len(machine.approved()) + more, time.monotonic() + 240
    while len(machine.approved()) < goal:
        assert time.monotonic() < end, (machine.folder / "errors").read_text()[-3000:]
        time.sleep(0.005)


@pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")
def test_who_approves_is_killed(machine: Machine, record_property) -> None:  # noqa: F811
    machine.run("prepare", str(BUNDLES), program="approver")
    for _ in range(ROUNDS):
        worker = machine.start("approve", program="approver")
        some_more(machine, 5)
        time.sleep(random.random() / 20)
        worker.kill()
        worker.wait()
    record_property("approvals", machine.check_approvals())


@pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")
@pytest.mark.parametrize("machine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("how", ["immediate", "fast", "killed"])
def test_the_database_restarts_under_respondents_and_officers(
    machine: Machine,  # noqa: F811
    how: str,
    record_property,
) -> None:
    machine.run("prepare", str(BUNDLES), program="approver")
    for _ in range(4):
        filing, approving = machine.start("file"), machine.start("approve", program="approver")
        machine.wait_for(10)
        some_more(machine, 5)
        if how == "killed":
            machine.cluster.kill()
        else:
            machine.cluster.stop(how)
        for one in (filing, approving):
            one.kill()
            one.wait()
        machine.cluster.start()
    record_property("answers", machine.check())
    record_property("approvals", machine.check_approvals())
