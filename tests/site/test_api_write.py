"""What an agency's own systems write by the API: all of it or nothing, once, in time, and not over somebody else."""

from __future__ import annotations

import copy
import datetime as dt
from functools import partial
from typing import Any

import httpx
import pytest
from api_write_world import OWN, Program, make_token, problem, program
from cast import Cast, give_results
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from inspection_evidence import confirm, open_window

from prongsai.site.api.models import Sent
from prongsai.site.api.write_docs import PROGRAMS
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection.models import Evidence, Link
from prongsai.site.people.models import Role, RoleKind
from prongsai.site.plans.models import Measure, Plan, PlanState, Report
from prongsai.site.results.models import Import, Result
from prongsai.site.rounds.models import StageKind

RESULTS, LINKS, PLAN, PROGRESS = f"{OWN}/results", f"{OWN}/links", f"{OWN}/plan", f"{OWN}/progress/6"


def close(cast: Cast, kind: StageKind) -> dt.date:
    """The step ended the day before yesterday."""
    day = timezone.localdate() - dt.timedelta(days=2)
    cast.round.stages.update_or_create(kind=kind, defaults={"closes": day, "opens": day - dt.timedelta(days=30)})
    return day


def last_sentence() -> str:
    return sentence(Entry.objects.order_by("-pk")[0])


def test_whoami(planned: Cast) -> None:
    answer = program(planned, ["plan", "results"]).get("/api/v1/own")
    data = answer.json()["data"]
    assert (data["agency"], data["token"], data["may"]) == ("muang", "ระบบสารบรรณ", ["plan", "results"])
    assert "2568" in [one["slug"] for one in data["rounds"]]
    assert answer["Cache-Control"] == "private, no-store"


# --- results


def better(cast: Cast) -> dict[str, Any]:
    """The results in force with one item at its best."""
    data: dict[str, Any] = copy.deepcopy(cast.assessment.results.first().data)  # type: ignore[union-attr]
    data["scores"]["items"]["i1"] = "100.00"
    return data


def test_results_are_tried_then_taken(scored: Cast) -> None:
    one = program(scored, ["results"])
    etag = one.etag(RESULTS)
    tried = one.put(f"{RESULTS}?dry_run=true", better(scored), match=etag)
    assert tried.status_code == 200, tried.content.decode()
    told = tried.json()["data"]
    assert told["dry_run"]
    assert told["revision"] == 1
    assert next(c for c in told["changes"] if c["node"] == "i1")["after"] == "100.00"
    assert (Result.objects.count(), Import.objects.count(), one.etag(RESULTS)) == (1, 0, etag)
    taken = one.put(RESULTS, better(scored), match=etag)
    assert taken.status_code == 200, taken.content.decode()
    assert taken.json()["data"]["changes"] == told["changes"]
    assert taken["ETag"] == one.etag(RESULTS) != etag
    newest = scored.assessment.results.first()
    assert newest is not None
    assert newest.revision == 2
    assert newest.data["scores"]["items"]["i1"] == "100.00"
    assert one.get(RESULTS).json()["data"]["data"] == newest.data
    assert "ระบบสารบรรณ (API, นางสุดา ตัวอย่าง) นำเข้าผลการประเมินฉบับที่ 2" in last_sentence()


def test_results_refused_change_nothing_and_name_the_place(scored: Cast) -> None:
    one = program(scored, ["results"])
    etag = one.etag(RESULTS)
    bad = better(scored)
    bad["scores"]["items"]["i1"] = "101"
    answer = one.put(RESULTS, bad, match=etag)
    assert answer.status_code == 422, answer.content.decode()
    assert problem(answer)["where"] == "body.scores.items.i1"
    other_year = {**better(scored), "fiscal_year": 2567}
    assert one.put(RESULTS, other_year, match=etag).status_code == 422
    stranger = {**better(scored), "agency": {"name": "องค์การบริหารส่วนตำบลอื่น"}}
    assert problem(one.put(RESULTS, stranger, match=etag))["code"] == "import.other_agency"
    assert (Result.objects.count(), Import.objects.count()) == (1, 0)


def test_a_name_that_is_only_alike_needs_a_second_word(scored: Cast) -> None:
    one = program(scored, ["results"])
    alike = {**better(scored), "agency": {"name": "เทศบาลเมืองตัวอย่างง"}}
    etag = one.etag(RESULTS)
    tried = one.put(f"{RESULTS}?dry_run=true", alike, match=etag).json()["data"]
    assert [look["code"] for look in tried["look"]] == ["import.similar_agency"]
    answer = one.put(RESULTS, alike, match=etag)
    assert answer.status_code == 409
    assert "confirm=true" in problem(answer)["next"]["en"]
    assert one.put(f"{RESULTS}?confirm=true", alike, match=etag).status_code == 200


def test_counts_of_answers_given_here_never_leave(scored: Cast) -> None:
    """What was assessed on this site holds tallies of small groups; scores are on the page, as it shows them."""
    scored.assessment.results.update(source="assessed")
    told = program(scored, ["results"]).get(RESULTS).json()["data"]
    assert told["data"] is None
    assert told["revision"] == 1


# --- lost updates and repeated requests


def test_a_change_says_from_where_it_starts(scored: Cast) -> None:
    one = program(scored, ["results"])
    silent = one.put(RESULTS, better(scored))
    assert silent.status_code == 428
    assert problem(silent)["where"] == "header.If-Match"
    stale = one.put(RESULTS, better(scored), match='"results-0"')
    assert stale.status_code == 412
    assert problem(stale)["expected"]["en"] == one.etag(RESULTS) == stale["ETag"]
    assert Result.objects.count() == 1
    assert one.put(RESULTS, better(scored), match="*").status_code == 200


def test_the_same_key_does_it_once(scored: Cast) -> None:
    one = program(scored, ["results"])
    etag, data = one.etag(RESULTS), better(scored)
    first = one.put(RESULTS, data, match=etag, key="monday-1")
    again = one.put(RESULTS, data, match=etag, key="monday-1")
    assert first.status_code == again.status_code == 200
    assert again["Idempotency-Replayed"] == "true"
    assert not first.has_header("Idempotency-Replayed")
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]
    assert Result.objects.count() == 2
    other = one.put(RESULTS, {**data, "notes": ["x"]}, match="*", key="monday-1")
    assert other.status_code == 422
    assert problem(other)["code"] == "idempotency.other_request"
    assert program(scored, ["results"], name="ระบบอื่น").put(RESULTS, data, match="*", key="monday-1").status_code == 200
    assert Result.objects.count() == 3


def test_a_refused_request_uses_no_key_up_and_old_keys_are_forgotten(scored: Cast) -> None:
    one = program(scored, ["results"])
    assert one.put(RESULTS, better(scored), match='"results-0"', key="k").status_code == 412
    assert one.put(f"{RESULTS}?dry_run=true", better(scored), match="*", key="k").status_code == 200
    assert not Sent.objects.exists()
    assert one.put(RESULTS, better(scored), match="*", key="k").status_code == 200
    Sent.objects.update(at=timezone.now() - dt.timedelta(days=3))
    assert not one.put(RESULTS, better(scored), match="*", key="k").has_header("Idempotency-Replayed")
    assert one.put(RESULTS, better(scored), match="*", key="x" * 201).status_code == 400


# --- links


def test_links_are_filed_item_by_item_or_not_at_all(planned: Cast) -> None:
    open_window(planned.round)
    one = program(planned, ["links"])
    now = one.get(LINKS)
    assert now.json()["data"]["open"]
    wanted = {
        "o1": {"links": [{"url": "https://www.muang.example.go.th/o1", "label": "โครงสร้าง"}], "ready": True},
        "o2": {"not_applicable": True, "reason": "ไม่มีภารกิจนี้", "effective": "1 ตุลาคม 2567"},
    }
    broken = {**wanted, "o3": {"links": [{"url": "ftp://files.example/x"}]}}
    refused = one.patch(LINKS, {"items": broken}, match=now["ETag"])
    assert refused.status_code == 422, refused.content.decode()
    assert problem(refused)["where"] == "body.items.o3.links.0.url"
    assert not Evidence.objects.exists()
    dry = one.patch(f"{LINKS}?dry_run=true", {"items": wanted}, match=now["ETag"])
    assert dry.json()["data"] == {"dry_run": True, "saved": ["o1", "o2"]}
    assert not Evidence.objects.exists()
    saved = one.patch(LINKS, {"items": wanted}, match=now["ETag"])
    assert saved.status_code == 200, saved.content.decode()
    items = {item["code"]: item for item in one.get(LINKS).json()["data"]["items"]}
    assert items["o1"]["state"] == "ready"
    assert items["o1"]["links"][0]["label"] == "โครงสร้าง"
    assert items["o2"]["effective"] == "2024-10-01"
    assert one.etag(LINKS) == saved["ETag"]
    assert "ระบบสารบรรณ (API, นางสุดา ตัวอย่าง) บันทึกหลักฐานข้อ o2" in last_sentence()


def test_a_link_that_stays_keeps_what_was_seen_of_it(planned: Cast) -> None:
    open_window(planned.round)
    one = program(planned, ["links"])
    url = "https://www.muang.example.go.th/o1"
    one.patch(LINKS, {"items": {"o1": {"links": [{"url": url}]}}}, match="*")
    pk = Link.objects.get().pk
    more = {"links": [{"url": "https://www.muang.example.go.th/new"}, {"url": url}]}
    one.patch(LINKS, {"items": {"o1": more}}, match="*")
    assert Link.objects.get(url=url).pk == pk
    assert Link.objects.count() == 2


def test_links_refused(planned: Cast) -> None:
    open_window(planned.round)
    one = program(planned, ["links"])

    def where(items: Any) -> str:
        answer = one.patch(LINKS, {"items": items}, match="*")
        assert answer.status_code == 422, answer.content.decode()
        return str(problem(answer)["where"])

    good = "https://www.muang.example.go.th/a"
    assert where({"o99": {}}) == "body.items.o99"
    assert where({"o1": {"links": [{"url": good}, {"url": good}]}}) == "body.items.o1.links.1.url"
    assert where({"o1": {"links": [{"url": good, "elements": ["ไม่มี"]}]}}) == "body.items.o1.links.0.elements"
    assert where({"o1": {"links": [{"url": " "}]}}) == "body.items.o1.links.0.url"
    assert where({"o1": {"not_applicable": True}}) == "body.items.o1.reason"
    assert where({"o1": {"lnks": []}}).endswith("items.o1.lnks")
    assert where({}).endswith("items")
    assert not Evidence.objects.exists()
    empty = one.patch(LINKS, {"items": {"o1": {"ready": True}}}, match="*")
    assert (empty.status_code, problem(empty)["code"]) == (409, "evidence.no_link")
    assert not Evidence.objects.exists()


def test_links_after_the_deadline_and_after_confirmation(planned: Cast) -> None:
    open_window(planned.round)
    one = program(planned, ["links"])
    item = {"items": {"o1": {"links": [{"url": "https://www.muang.example.go.th/o1"}]}}}
    assert one.patch(LINKS, item, match="*").status_code == 200
    confirm(planned)
    assert problem(one.patch(LINKS, item, match="*"))["code"] == "evidence.confirmed"
    close(planned, StageKind.EVIDENCE)
    late = one.patch(LINKS, item, match="*")
    assert late.status_code == 409
    assert "ปิดรับหลักฐานเมื่อวันที่" in problem(late)["message"]["th"]
    assert "23:59:59" in problem(late)["message"]["en"]
    assert not one.get(LINKS).json()["data"]["open"]


def test_the_documented_program_files_a_link(planned: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of docs/api-write.md as it stands; only the wire is replaced, by a call of the site itself."""
    open_window(planned.round)
    monkeypatch.setenv("PRONGSAI", "http://testserver")
    monkeypatch.setenv("PRONGSAI_TOKEN", program(planned, ["links"]).key)
    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=httpx.WSGITransport(WSGIHandler())))
    exec((PROGRAMS / "links.txt").read_text(encoding="utf-8"), {})
    assert Link.objects.get().label == "โครงสร้างหน่วยงาน"


# --- plan


def test_the_plan_goes_out_and_comes_in_the_same(planned: Cast) -> None:
    one = program(planned, ["plan"])
    now = one.get(PLAN)
    shape = now.json()["data"]["plan"]
    same = one.put(f"{PLAN}?dry_run=true", shape, match=now["ETag"])
    assert same.status_code == 200, same.content.decode()
    told = same.json()["data"]
    assert (told["added"], told["changed"], told["removed"], told["new_units"]) == ([], [], [], [])
    assert told["unchanged"] == Measure.objects.filter(choice="accepted").count() > 0
    assert one.etag(PLAN) == now["ETag"]
    shape["points"][0]["measures"][0]["title"] = "ประชุมชี้แจงจากระบบแผนงาน"
    shape["points"][0]["measures"][0]["budget"] = {"amount": 1234.5, "source": "ข้อบัญญัติ"}
    saved = one.put(PLAN, shape, match=now["ETag"])
    assert saved.status_code == 200, saved.content.decode()
    assert saved.json()["data"]["changed"] == ["ประชุมชี้แจงจากระบบแผนงาน"]
    changed = Measure.objects.get(title="ประชุมชี้แจงจากระบบแผนงาน")
    assert str(changed.budget) == "1234.50"
    assert saved["ETag"] == one.etag(PLAN) != now["ETag"]
    assert one.put(PLAN, shape, match=now["ETag"]).status_code == 412
    assert "ระบบสารบรรณ (API, นางสุดา ตัวอย่าง) นำเข้ามาตรการจากไฟล์" in last_sentence()


def test_a_first_plan_is_drawn_up(scored: Cast, planned: Cast) -> None:
    one = program(scored, ["plan"])
    shape = one.get(PLAN).json()["data"]["plan"]
    Plan.objects.all().delete()
    empty = one.get(PLAN)
    assert empty.json()["data"]["plan"] is None
    dry = one.put(f"{PLAN}?dry_run=true", shape, match=empty["ETag"])
    assert dry.status_code == 200, dry.content.decode()
    assert not Plan.objects.exists()
    assert one.put(PLAN, shape, match=empty["ETag"]).status_code == 200
    assert one.get(PLAN).json()["data"]["plan"] == shape


def test_a_plan_refused(planned: Cast) -> None:
    one = program(planned, ["plan"])
    shape = one.get(PLAN).json()["data"]["plan"]
    revision = Plan.objects.get().revision

    def refused(status: int, **changes: Any) -> dict[str, Any]:
        answer = one.put(PLAN, {**shape, **changes}, match="*")
        assert answer.status_code == status, answer.content.decode()
        return problem(answer)

    assert refused(422, agency={"name": "เทศบาลอื่น"})["where"] == "body.agency.name"
    assert refused(422, result_year=2567)["where"] == "body.result_year"
    assert refused(422, pionts=[])["where"].endswith("pionts")
    points = copy.deepcopy(shape["points"])
    points[0]["items"] = ["i999"]
    assert refused(422, points=points)["code"] == "plan.unknown_item"
    Plan.objects.update(state=PlanState.APPROVED)
    assert "confirm=true" in refused(409)["next"]["en"]
    assert Plan.objects.get().state == PlanState.APPROVED
    assert one.put(f"{PLAN}?confirm=true", shape, match="*").status_code == 200
    assert Plan.objects.get().state == PlanState.DRAFT
    day = close(planned, StageKind.PLAN)
    late = refused(409)
    assert late["code"] == "plan.closed"
    assert day.isoformat() in late["message"]["en"]
    assert Plan.objects.get().revision == revision + 1


# --- progress


def first_measure(one: Program) -> str:
    return str(one.get(PROGRESS).json()["data"]["measures"][0]["measure"])


def test_progress_is_reported(planned: Cast) -> None:
    one = program(planned, ["progress"])
    key, etag = first_measure(one), one.etag(PROGRESS)
    entry = {
        "measure": key,
        "status": "done",
        "done": [{"text": "จัดประชุมแล้ว", "date": "2026-01-15"}],
        "proof": [{"kind": "letter", "number": "นฐ 52001/9", "date": "2026-01-16", "subject": "รายงานการประชุม"}],
        "result": "ผู้เข้าร่วม 60 คน",
    }
    dry = one.patch(f"{PROGRESS}?dry_run=true", {"measures": [entry]}, match=etag)
    assert dry.status_code == 200, dry.content.decode()
    assert not Report.objects.exists()
    saved = one.patch(PROGRESS, {"months": 6, "measures": [entry]}, match=etag)
    assert saved.status_code == 200, saved.content.decode()
    now = one.get(PROGRESS)
    assert now.json()["data"]["measures"][0] == entry
    assert now["ETag"] == saved["ETag"] != etag
    assert "ระบบสารบรรณ (API, นางสุดา ตัวอย่าง) รายงานผลรอบ 6 เดือน" in last_sentence()
    report = Report.objects.get()
    deed = report.deeds.get().pk
    entry["done"].append({"text": "จัดซ้ำ"})  # type: ignore[attr-defined]
    assert one.patch(PROGRESS, {"measures": [entry]}, match="*").status_code == 200
    assert deed in [row.pk for row in report.deeds.all()]  # what stays keeps its row, and with it who wrote it
    assert one.patch(PROGRESS, {"measures": [entry]}, match=etag).status_code == 412


def test_progress_refused(planned: Cast) -> None:
    one = program(planned, ["progress"])
    key = first_measure(one)

    def refused(status: int, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer = one.patch(PROGRESS, {"measures": list(entries), **more}, match="*")
        assert answer.status_code == status, answer.content.decode()
        return problem(answer)

    fine = {"measure": key, "status": "in_progress"}
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    late_deed = {**fine, "done": [{"text": "x", "date": tomorrow}]}
    assert refused(422, late_deed)["where"] == "body.measures.0.done.0.date"
    no_link = {**fine, "proof": [{"kind": "link"}]}
    assert refused(422, no_link)["where"] == "body.measures.0.proof.0.url"
    script = {**fine, "proof": [{"kind": "link", "url": "javascript:alert(1)"}]}
    assert refused(422, script)["where"] == "body.measures.0.proof.0.url"
    file = {**fine, "proof": [{"kind": "picture", "path": "/etc/passwd"}]}
    assert refused(422, file)["where"] == "body.measures.0.proof.0.path"
    assert refused(422, fine, {"measure": "p99m1", "status": "done"})["where"] == "body.measures.1.measure"
    assert refused(422, fine, fine)["where"] == "body.measures.1.measure"
    assert refused(422, fine, months=12)["where"] == "body.months"
    assert refused(422, {**fine, "status": "finished"})["where"].endswith("measures.0.status")
    assert not Report.objects.exists()
    assert one.get(f"{OWN}/progress/7").status_code == 404
    close(planned, StageKind.REPORT_6)
    assert refused(409, fine)["code"] == "progress.closed"


def test_a_unit_owner_reports_on_measures_of_the_own_unit_alone(planned: Cast) -> None:
    unit = planned.units[1]
    Role.objects.create(person=planned.agency_admin, kind=RoleKind.UNIT_OWNER, agency=planned.agency, unit=unit)
    every = list(Measure.objects.filter(choice="accepted").order_by("pk"))
    for measure in every:
        for step in measure.steps.all():
            step.units.set([unit] if measure is every[0] else [planned.units[2]])
    one = Program(make_token(planned, ["progress"])[1])
    mine, other = ({"measure": m.key, "status": "in_progress"} for m in every[:2])
    assert problem(one.patch(PROGRESS, {"measures": [mine, other]}, match="*"))["where"] == "body.measures.1.measure"
    assert not Report.objects.exists()
    assert one.patch(PROGRESS, {"measures": [mine]}, match="*").status_code == 200


# --- text that would be dangerous elsewhere


def test_scripts_and_formulas_are_text(planned: Cast, client_of: Any) -> None:
    one = program(planned, ["plan"])
    shape = one.get(PLAN).json()["data"]["plan"]
    nasty = '<script>alert("x")</script>'
    shape["points"][0]["measures"][0]["title"] = nasty
    shape["points"][0]["measures"][0]["monitoring"] = '=HYPERLINK("http://evil.example","x")'
    assert one.put(PLAN, shape, match="*").status_code == 200
    assert Measure.objects.get(title=nasty).monitoring.startswith("=HYPERLINK")
    page = client_of("officer").get("/agencies/muang/2568/plan/").content.decode()
    assert nasty not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in page
    assert one.get(PLAN).json()["data"]["plan"]["points"][0]["measures"][0]["title"] == nasty


def test_results_that_were_given_here_can_be_replaced(cast: Cast) -> None:
    """A round without results yet: the first revision comes by the API."""
    one = program(cast, ["results"])
    assert one.etag(RESULTS) == '"results-0"'
    give_results(cast.assessment)
    data = copy.deepcopy(cast.assessment.results.first().data)  # type: ignore[union-attr]
    Result.objects.all().delete()
    answer = one.put(RESULTS, data, match='"results-0"')
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["data"]["revision"] == 1
