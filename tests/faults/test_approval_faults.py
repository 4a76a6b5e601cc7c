"""An act of a rank that was confirmed is there exactly once, with its one entry in an unbroken history."""

from __future__ import annotations

import random
import subprocess
import time

import pytest
from machine import FULL, PEOPLE, ROUNDS, Machine, machine  # noqa: F401 - a fixture

BUNDLES = 120 if FULL else 30
RESTARTS = 4


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
    in_the_middle = 0
    for _ in range(RESTARTS):
        people = machine.start("beside", program="approver")
        in_the_middle += both_at_work(machine, people)
        if how == "killed":
            machine.cluster.kill()
        else:
            machine.cluster.stop(how)
        people.kill()
        people.wait()
        machine.cluster.start()
    assert in_the_middle >= 2, "all was done before the database went"
    record_property("restarts", in_the_middle)
    record_property("answers", machine.check())
    record_property("approvals", machine.check_approvals())


def both_at_work(machine: Machine, people: subprocess.Popen[bytes]) -> bool:  # noqa: F811
    """Whether ten more answers and five more acts are confirmed, and neither is done with all there is to do."""
    answers, acts, end = len(machine.confirmed()) + 10, len(machine.approved()) + 5, time.monotonic() + 240
    while len(machine.confirmed()) < answers or len(machine.approved()) < acts:
        assert time.monotonic() < end, (machine.folder / "errors").read_text()[-3000:]
        if people.poll() is not None:
            return False
        time.sleep(0.005)
    return len(machine.confirmed()) < PEOPLE and len(machine.approved()) < BUNDLES * 2
