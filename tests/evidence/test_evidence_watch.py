from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from prongsai.evidence.watch import Pace, Watched, after, dead_by_agency, due, is_dead, plan

NOW = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
PACE = Pace()


def url(host: int, number: int) -> str:
    return f"https://www.a{host}.example.test/{number}"


def test_back_off_doubles_up_to_the_usual_pause() -> None:
    link, waits = Watched(url(1, 1)), []
    for _ in range(8):
        link = after(link, NOW, opened=False)
        waits.append((due(link, PACE) - NOW) / DAY)
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    again = after(link, NOW, opened=True)
    assert (again.failures, again.failing_since) == (0, None)
    assert 27 * DAY <= due(again, PACE) - NOW <= 30 * DAY


def test_one_bad_day_makes_no_dead_link() -> None:
    link = Watched(url(1, 1), ("a",))
    for hour in range(10):
        link = after(link, NOW + hour * HOUR, opened=False)
    assert not is_dead(link)
    assert dead_by_agency([link]) == {}
    link = after(link, NOW + 3 * DAY, opened=False)
    assert is_dead(link)
    assert not is_dead(after(link, NOW + 4 * DAY, opened=True))
    twice = after(after(Watched(url(1, 1)), NOW, False), NOW + 9 * DAY, False)
    assert not is_dead(twice)


def test_the_report_names_the_longest_dead_first() -> None:
    def dead(number: int, since: int, *agencies: str) -> Watched:
        return Watched(url(1, number), agencies, NOW, 5, NOW - since * DAY)

    links = [dead(1, 4, "b", "a"), dead(2, 9, "a"), Watched(url(1, 3), ("c",), NOW), dead(4, 1, "c")]
    report = dead_by_agency(links)
    assert {agency: [one.url for one in found] for agency, found in report.items()} == {
        "a": [url(1, 2), url(1, 1)],
        "b": [url(1, 1)],
    }


LINKS = st.lists(
    st.builds(
        Watched,
        st.builds(url, st.integers(0, 3), st.integers(0, 50)),
        st.just(()),
        st.none() | st.integers(0, 2000).map(lambda hours: NOW - hours * HOUR),
        st.integers(0, 5),
    ),
    max_size=60,
    unique_by=lambda link: link.url,
)


@given(LINKS, st.integers(1, 12), st.integers(1, 40), st.integers(1, 72))
def test_what_must_hold_of_every_plan(links: list[Watched], per_host: int, per_hour: int, hours: int) -> None:
    pace = Pace(per_host_hour=per_host, per_hour=per_hour)
    end = NOW + hours * HOUR
    found = plan(links, NOW, end, pace)
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert len({one.link.url for one in found}) == len(found)
    assert all(NOW <= one.at < end for one in found)
    assert all((due(one.link, pace) or NOW) <= one.at for one in found)
    assert max(Counter((one.at - NOW) // HOUR for one in found).values(), default=0) <= per_hour
    hosts = defaultdict(list)
    for one in found:
        hosts[one.link.url.split("/")[2]].append(one.at)
    for host, times in hosts.items():
        last = [link.checked for link in links if link.checked and host in link.url]
        spaced = sorted([*times, *([max(last)] if last else [])])
        assert all(b - a >= HOUR / per_host for a, b in pairwise(spaced))
    everything = plan(links, NOW, NOW + 400 * DAY, pace)  # in a long enough time each has its turn
    assert {one.link.url for one in everything} == {link.url for link in links}


def test_links_of_another_form_stop_nothing() -> None:
    links = [Watched("http://[::1"), Watched("nonsense"), Watched("http://a\udcff/")]
    assert len(plan(links, NOW, NOW + DAY)) == 3


def test_the_whole_nation() -> None:
    """8,300 agencies × 30 links, half of them on a host that many share: all have their turn in two weeks."""
    links = [
        Watched(url(agency if number % 2 else agency // 50, number + 100 * agency), (str(agency),))
        for agency in range(8300)
        for number in range(30)
    ]
    found = plan(links, NOW, NOW + 14 * DAY)
    assert len(found) == len(links)
    assert max(Counter((one.at - NOW) // HOUR for one in found).values()) <= PACE.per_hour
    assert max(Counter((one.link.url.split("/")[2], (one.at - NOW) // HOUR) for one in found).values()) <= 6


def test_half_a_year_day_by_day() -> None:
    """Every living link is seen about once a month, and a dead one is reported within days of its next look."""
    chance = random.Random(6)
    state = {url(host, number): Watched(url(host, number), (str(host),)) for host in range(20) for number in range(30)}
    dies = {name: NOW + chance.randrange(60) * DAY for name in chance.sample(sorted(state), 60)}
    looks: dict[str, list[dt.datetime]] = defaultdict(list)
    reported: dict[str, dt.datetime] = {}
    for day in range(180):
        morning = NOW + day * DAY
        for one in plan(state.values(), morning, morning + DAY):
            name = one.link.url
            looks[name].append(one.at)
            state[name] = after(state[name], one.at, opened=not (name in dies and one.at >= dies[name]))
        for found in dead_by_agency(state.values()).values():
            for link in found:
                reported.setdefault(link.url, morning)
    assert set(reported) == set(dies)
    assert max(reported[name] - dies[name] for name in dies) <= 30 * DAY + 5 * DAY
    living = [times for name, times in looks.items() if name not in dies]
    assert all(6 <= len(times) <= 8 for times in living)
    assert max(b - a for times in living for a, b in pairwise(times)) <= 31 * DAY
