"""The HTTP server dies under load: a worker, the first process, all at once. The law is that of test_survey_faults."""

from __future__ import annotations

import json
from typing import Any

from machine import FULL, PEOPLE, Machine, machine  # noqa: F401 - a fixture
from respondents import Respondents, Site


def test_the_server_is_killed_while_respondents_send(machine: Machine, record_property: Any) -> None:  # noqa: F811
    site = Site(machine, alone=not FULL)
    site.start()
    crowd, everybody = Respondents(machine, site), range(PEOPLE)
    faults = [site.kill_a_worker, site.kill_the_first, site.kill_all] * (3 if FULL else 1)
    try:
        crowd.type_codes(everybody)
        for turn, fault in enumerate(faults):  # a part of the people for each, so that none meets a crowd that is done
            crowd.begin(everybody[turn :: len(faults)])
            machine.wait_for(PEOPLE // len(faults) // 5)
            fault()
            if fault != site.kill_a_worker:  # that one is replaced
                site.start()
            crowd.wait()
    finally:
        crowd.ended.set()
        site.stop()
    assert crowd.refused == []
    record_property("answers", {**machine.check(), "kills": len(faults)})
    kept = set(json.loads((machine.folder / "found.json").read_text())["kept"])
    assert crowd.told_spent <= kept
    assert {person for person in everybody if person % 2 == 0} <= kept, "who sent again until it was confirmed"
