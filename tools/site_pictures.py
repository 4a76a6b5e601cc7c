"""Makes the pictures of the site for the guides: ``python tools/site_pictures.py`` (needs Chromium, takes a minute).

Names given to it (``python tools/site_pictures.py surveys monitor``) leave the other signed-in pages out. The
respondent's pages send no font, so the browser is handed Sarabun, as a telephone has a Thai face of its own.

Fills the demo into a throw-away database, serves it, and takes the main pages at desktop or phone width, in few colours
so that the pictures stay small.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from io import BytesIO
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images" / "site"
LARGEST = 150_000  # bytes
WIDTHS = {"desktop": (1280, 860), "phone": (360, 720)}
ITEM = "o1"  # of the checklist
DAYS, LEFT = 9, 12  # of a survey, behind and to come
YEARS, AGENCIES = ("ita-2567", "ita-2568"), 400  # of the invented nation
SCROLLED = {
    "nation": "#map",
    "nation-league": ".note",
    "nation-movers": "#sum",
    "surveys": ".prints",
    "survey-codes": "ol.steps > li:last-child",
    "monitor": ".grid",
}
# name of the picture: who looks, at which width, at what ({agency} of the demo and its year stand as in stories.yaml;
# {coming} is the year whose evidence is filed, {rehearsal} the survey to try, {asked} a round of surveys made here,
# {nation} one of invented agencies; nobody: without an account)
PAGES = {
    "desk": ("sisaket-officer", "desktop", "/"),
    "year": ("sisaket-officer", "desktop", "/agencies/sisaket/{sisaket}/"),
    "results": ("sisaket-officer", "desktop", "/agencies/sisaket/{sisaket}/results/"),
    "items": ("sisaket-officer", "desktop", "/agencies/sisaket/{sisaket}/results/items/"),
    "plan": ("bangpla-officer", "desktop", "/agencies/bangpla/{bangpla}/plan/"),
    "approval": ("sisaket-chief", "desktop", "/agencies/sisaket/{sisaket}/approval/"),
    "documents": ("thatalat-officer", "desktop", "/agencies/thatalat/{thatalat}/documents/"),
    "progress": ("thatalat-officer", "desktop", "/agencies/thatalat/{thatalat}/progress/"),
    "agencies": ("assessor", "desktop", "/agencies/"),
    "history": ("krokkaeo-admin", "desktop", "/agencies/krokkaeo/history/"),
    "exchange": ("takbai-admin", "desktop", "/agencies/takbai/exchange/"),
    "inspect": ("inspector", "desktop", "/inspection/"),
    "decide": ("inspector", "desktop", "/inspection/start/?agency=bangpla"),
    "evidence": ("sisaket-officer", "desktop", "/agencies/sisaket/{coming}/evidence/"),
    "evidence-item": ("sisaket-officer", "desktop", "/agencies/sisaket/{coming}/evidence/" + ITEM + "/"),
    "surveys": ("sisaket-officer", "desktop", "/agencies/sisaket/{rehearsal}/surveys/"),
    "survey-codes": ("sisaket-officer", "desktop", "/agencies/sisaket/{rehearsal}/surveys/R/setup/"),
    "monitor": ("assessor", "desktop", "/rounds/{asked}/surveys/monitor/"),
    "nation": ("assessor", "desktop", "/rounds/{nation}/nation/?score=IIT"),
    "nation-league": ("assessor", "desktop", "/rounds/{nation}/nation/league/?score=EIT.1"),
    "nation-movers": ("assessor", "desktop", "/rounds/{nation}/nation/movers/?score=EIT.1"),
    "portal": ("", "desktop", "/results/?q=อบต+จำลอง+ยะล"),
    "portal-agency": ("", "desktop", "/results/sim-00002/{nation}/"),
    "portal-compare": ("", "desktop", "/results/compare/?a=sim-00002&a=sim-00016"),
    "portal-data": ("", "desktop", "/data/{nation}/"),
    "portal-phone": ("", "phone", "/results/sim-00002/{nation}/"),
    "desk-phone": ("thatalat-unit", "phone", "/"),
    "results-phone": ("sisaket-chief", "phone", "/agencies/sisaket/{sisaket}/results/"),
    "approval-phone": ("sisaket-chief", "phone", "/agencies/sisaket/{sisaket}/approval/"),
}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Fill, serve, take the pictures."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
    data = tempfile.TemporaryDirectory(prefix="prongsai-pictures-")
    os.environ["PRONGSAI_DATA"] = data.name
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs an event loop in this thread
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from prongsai.site.demo.fill import fill
    from prongsai.site.people.models import Person
    from prongsai.site.rounds.models import Assessment

    call_command("migrate", verbosity=0)
    fill(ROOT / "examples")
    told = Assessment.objects.filter(results_at__isnull=False).select_related("agency", "round")
    years = {one.agency.code: one.round.slug for one in told} | _more()
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        faces = _faces(Path(data.name))
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"], env=faces)
        for name in sys.argv[1:] or PAGES:
            who, width, address = PAGES[name]
            x, y = WIDTHS[width]
            context = browser.new_context(viewport={"width": x, "height": y}, device_scale_factor=1)
            if who:
                client = Client()
                client.force_login(
                    Person.objects.get(username=who), backend="allauth.account.auth_backends.AuthenticationBackend"
                )
                context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])
            page = context.new_page()
            page.goto(f"{base}/results/", wait_until="networkidle")  # a face that is not here yet is not waited for
            answer = page.goto(base + address.format(**years))
            if answer is None or answer.status != 200:
                print(f"{name}: {address} answers {answer.status if answer else 'nothing'}, no picture")
                continue
            if name in SCROLLED:
                page.locator(SCROLLED[name]).first.evaluate("one => one.scrollIntoView()")
            _take(page, name)
            context.close()
        _respondent(browser, base)
        browser.close()


def _faces(folder: Path) -> dict[str, str | float | bool]:
    """The browser's environment: the machine's faces and Sarabun, none of this user's own."""
    import fontpkg_sarabun

    faces = Path(next(iter(fontpkg_sarabun.__path__)))
    known = f"<include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>{faces}</dir>"
    settings = folder / "fonts.conf"
    settings.write_text(f"<?xml version='1.0'?><fontconfig>{known}</fontconfig>", encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(settings), "HOME": str(folder)}


def _more() -> dict[str, str]:
    """Names for addresses that the demo's own years do not give; a round of surveys is made with invented counts."""
    import datetime as dt
    import random

    from django.utils import timezone

    from prongsai.framework import by_id
    from prongsai.site.agencies.models import Agency
    from prongsai.site.inspection.models import Evidence
    from prongsai.site.rounds.models import Assessment, Round, Stage, StageKind
    from prongsai.site.surveys.models import Day, Survey, SurveyState

    framework, today, draw = by_id("ita-2565"), timezone.localdate(), random.Random(1)
    made = Round.objects.create(
        slug="asked", name="แบบสำรวจ (จำนวนสมมติ)", framework_id=framework.id, framework_version=framework.version
    )
    opened, closes = today - dt.timedelta(days=DAYS), today + dt.timedelta(days=LEFT)
    Stage.objects.create(round=made, kind=StageKind.SURVEY, opens=opened, closes=closes)
    for agency in Agency.objects.all():
        assessment = Assessment.objects.create(round=made, agency=agency)
        for container, least in (("IIT", 60), ("EIT", 120)):
            survey = Survey.objects.create(
                assessment=assessment,
                container=container,
                state=SurveyState.OPEN,
                opened_at=timezone.now() - dt.timedelta(days=DAYS),
                required=draw.randrange(least, 2 * least),
                by_codes=container == "IIT",
                by_link=container != "IIT",
            )
            box = survey.boxes.create()
            for ago in range(DAYS, -1, -1):
                filed = draw.randrange(least // 6)
                Day.objects.create(survey=survey, day=today - dt.timedelta(days=ago), filed=filed)
                box.filed += filed
            box.save()
    rehearsal = Survey.objects.get(container="R", state=SurveyState.OPEN)
    coming = Evidence.objects.filter(assessment__agency__code="sisaket").latest("pk")
    return {
        "asked": made.slug,
        "nation": _nation(),
        "rehearsal": rehearsal.assessment.round.slug,
        "coming": coming.assessment.round.slug,
    }


def _nation() -> str:
    """Two years of invented agencies, gathered and published; the later round."""
    from prongsai.framework import by_id
    from prongsai.site.demo.nation import invent
    from prongsai.site.nation.jobs import work
    from prongsai.site.nation.models import NationJob
    from prongsai.site.opendata.actions import PrepareRelease, PublishRelease
    from prongsai.site.opendata.jobs import work as prepare
    from prongsai.site.rounds.models import Round

    slug = ""
    for framework in map(by_id, YEARS):
        slug = f"sim-{framework.fiscal_year}"
        made = Round.objects.create(
            slug=slug,
            name=f"การประเมินจำลอง ปีงบประมาณ พ.ศ. {framework.fiscal_year}",
            fiscal_year=framework.fiscal_year,
            framework_id=framework.id,
            framework_version=framework.version,
        )
        invent(made, AGENCIES)
        work.func(NationJob.objects.create(round=made).pk)
        release = PrepareRelease(by=None, result=made.nation_results.get()).execute()
        prepare.func(release.pk)
        release.refresh_from_db()
        PublishRelease(by=None, release=release).execute()
    return slug


def _respondent(browser: Any, base: str) -> None:
    """The respondent's pages on a phone, without JavaScript, from the notice to the receipt."""
    from prongsai.site.surveys.models import Survey, SurveyState

    x, y = WIDTHS["phone"]
    page = browser.new_context(viewport={"width": x, "height": y}, java_script_enabled=False).new_page()
    page.goto(f"{base}/a/{Survey.objects.get(container='R', state=SurveyState.OPEN).token}/")
    _take(page, "ask-notice")
    page.locator("input[name=eligible][value=yes]").check()
    page.locator("button[value=begin]").click()
    _take(page, "ask-question")
    while page.locator("button[value=next]").count():
        for line in page.locator("fieldset.line").all():
            line.locator("input[type=radio]").nth(1).check()
        page.locator("button[value=next]").click()
    page.wait_for_timeout(4000)  # nothing is taken that comes sooner than a person could have read it
    page.locator("button[value=send]").first.click()
    _take(page, "ask-receipt")


def _take(page: Any, name: str) -> None:
    size = _keep(page.screenshot(), IMAGES / f"{name}.png")
    print(f"{name}: {size // 1000} KB")


def _keep(shot: bytes, target: Path) -> int:
    """Write the picture in as many colours as the limit allows; its size."""
    from PIL import Image

    data = shot
    for colours in (64, 32, 16):
        out = BytesIO()
        Image.open(BytesIO(shot)).convert("RGB").quantize(colours).save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= LARGEST:
            break
    target.write_bytes(data)
    return len(data)


if __name__ == "__main__":
    main()
