"""Metrics say how the site does and nothing of who, where or when a respondent was."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from ask_world import calm  # noqa: F401 - a fixture
from cast import Cast
from prometheus_client.parser import text_string_to_metric_families
from survey_world import file_with, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.site.notices.models import Notice
from prongsai.site.operation import metrics, signs
from prongsai.site.operation.metrics import Held, kind, measured, observe, page
from prongsai.site.surveys.models import Letter

LABELS = {"surface", "status", "le", "version", "state", "folder", "room"}
SURFACES = {"respondents", "static", "login", "api", "office"}
STATES = {"ready", "running", "failed", "waiting", "sent", "unprepared", "behind"}


def samples() -> list[tuple[str, dict[str, str], float]]:
    families = text_string_to_metric_families(page().decode())
    return [(one.name, one.labels, one.value) for family in families for one in family.samples]


def value(name: str, **labels: str) -> float:
    return sum(number for named, has, number in samples() if named == name and labels.items() <= has.items())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a/", "respondents"),
        ("/a", "respondents"),
        ("/a/abc234/", "respondents"),
        ("/agencies/muang/2568/", "office"),
        ("/static/x.css", "static"),
        ("/accounts/login/", "login"),
        ("/", "office"),
        ("/about/", "office"),
    ],
)
def test_addresses_become_one_of_a_few_words(path: str, name: str) -> None:
    assert kind(path) == name


def test_a_heap_is_let_go_whole_shuffled_late_and_at_a_number_nobody_knows() -> None:
    now = [0.0]
    sizes = set()
    for _ in range(40):
        held, fed, now[0] = Held(least=20, pause=60, clock=lambda: now[0]), 0, 100.0
        while not (heap := held.add(("2xx", float(fed)))):
            fed += 1
        assert 20 <= len(heap) <= 40
        assert Counter(heap) == Counter(("2xx", float(n)) for n in range(fed + 1))  # nothing is lost or doubled
        assert heap != sorted(heap, key=lambda one: one[1])
        sizes.add(len(heap))
        for _ in range(60):
            assert held.add(("2xx", 0.0)) == []  # not again within the pause
    assert len(sizes) > 5


@pytest.mark.django_db
def test_one_respondent_moves_no_number_but_an_error_shows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_held", Held(least=50, pause=0))
    before, office = page_without_time(), value("prongsai_requests_total", surface="office")
    for _ in range(49):
        observe("respondents", "2xx", 0.02)
    assert page_without_time() == before
    observe("office", "2xx", 0.02)  # the control: others are counted as they come
    assert value("prongsai_requests_total", surface="office") == office + 1
    failed = value("prongsai_errors_total", surface="respondents")
    observe("respondents", "5xx", 0.02)
    assert value("prongsai_errors_total", surface="respondents") == failed + 1
    for _ in range(51):
        observe("respondents", "2xx", 0.02)
    assert value("prongsai_requests_total", surface="respondents") >= 50


def page_without_time() -> str:
    """What could tell of a respondent; time goes on in the rest."""
    return "\n".join(line for line in page().decode().splitlines() if "respondents" in line or "letters" in line)


@pytest.mark.django_db
@pytest.mark.usefixtures("key_folder", "calm")
def test_no_name_code_token_or_agency_in_any_line(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    for n, code in enumerate(codes[:30]):
        file_with(survey, code, n)
    Notice.objects.create(to=cast.officer, agency=cast.agency, key="k", subject="เรื่องลับ", text="x")
    for surface in SURFACES:
        observe(surface, "2xx", 0.01)
    text = page().decode()
    for planted in ("muang", cast.agency.name, "สมหญิง", "เรื่องลับ", survey.token, codes[0], survey.boxes.get().pk):
        assert planted not in text
    for name, labels, _ in samples():
        assert name.startswith("prongsai_")
        assert set(labels) <= LABELS, name
        assert labels.get("surface", "office") in SURFACES
        assert labels.get("state", "ready") in STATES
        assert re.fullmatch(r"[1-5]xx", labels.get("status", "2xx"))


@pytest.mark.django_db
@pytest.mark.usefixtures("key_folder", "calm")
def test_letters_are_rounded_down_and_a_mixer_that_does_not_run_shows(cast: Cast) -> None:
    survey, codes = open_survey(cast, codes=120)
    k = survey.assessment.round.framework.disclosure.k
    for n, code in enumerate(codes[: 4 * k - 1]):
        file_with(survey, code, n)
    assert Letter.objects.count() == 4 * k - 1
    assert signs.letterbox() == signs.Letterbox(0, 0, 0, 0)
    for n, code in enumerate(codes[4 * k - 1 : 110]):
        file_with(survey, code, n)
    found = signs.letterbox()
    assert (found.waiting, found.behind) == (100, 1)


@pytest.mark.django_db
def test_the_page_costs_few_queries(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(20):
        page()


@pytest.mark.django_db
def test_the_server_counts_what_it_answers_and_not_who_looks(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def site(environ, start_response):
        start_response("404 Not Found", [])
        return [b""]

    def broken(environ, start_response):
        raise RuntimeError("secret")

    assert measured(site) is site  # nothing is measured where nobody asked for it
    settings.METRICS_TOKEN = "t" * 40
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(metrics, "observe", lambda surface, status, seconds: seen.append((surface, status)))
    asked = {"wsgi.input": io.BytesIO()}
    for path in ("/agencies/muang/", "/health/", "/a/abc234/"):
        assert list(measured(site)({**asked, "PATH_INFO": path}, lambda *_: None)) == [b""]
    with pytest.raises(RuntimeError):
        measured(broken)({**asked, "PATH_INFO": "/x"}, lambda *_: None)
    assert seen == [("office", "4xx"), ("respondents", "4xx"), ("office", "5xx")]


_CHILD = """
import django; django.setup()
from prongsai.site.operation.metrics import observe
for _ in range(3): observe("office", "2xx", 0.01)
"""


def test_processes_of_one_server_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    environment["DJANGO_SETTINGS_MODULE"] = "site_settings"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", _CHILD], env=environment, check=True)
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    shown = CollectorRegistry()
    MultiProcessCollector(shown, str(tmp_path))
    assert shown.get_sample_value("prongsai_requests_total", {"surface": "office", "status": "2xx"}) == 6
