"""The read API: one envelope, one error shape, pages that hold, and refusals that say what to do."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from api_world import CODE, nobody_asked_before  # noqa: F401 - a fixture
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from published import Published

from prongsai.site.api import front, limits
from prongsai.site.api.app import document
from prongsai.site.opendata.models import PublishedAgency, Release

API = "/api/v1"
pytestmark = pytest.mark.django_db


YEARS = (2568, 2567)
MINISTRY = "กระทรวงตัวอย่าง"


@pytest.fixture
def releases(world: Published, db: None, settings: Any) -> list[Release]:
    settings.OPENDATA = world.cast.extra["folder"]
    return [world.releases[year] for year in YEARS]


@pytest.fixture
def many(world: Published) -> int:
    """How many agencies are published this year."""
    return len(world.codes)


def get(path: str, **more: Any) -> Any:
    return Client().get(f"{API}{path}", **more)


def data(path: str) -> Any:
    response = get(path)
    assert response.status_code == 200, response.content
    return response.json()["data"]


# --- the document, and every operation of it

ARGUMENTS = {"round": "2568", "code": CODE, "by": "kind", "id": "ita-2568"}
SUCCESS = {"data", "meta", "links"}


def plain_document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(document()))
    return made


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, said) for path, methods in document()["paths"].items() for method, said in methods.items()]


READS = [(path, said) for path, method, said in operations() if method == "get" and "own" not in said.get("tags", [])]


def fits(schema: dict[str, Any], value: Any) -> list[str]:
    whole = plain_document()
    return [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}"
        for fault in Draft202012Validator({**schema, "components": whole["components"]}).iter_errors(value)
    ]


def refusal(response: Any, status: int) -> dict[str, Any]:
    """The one error shape, and that it is one."""
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/json"
    assert fits({"$ref": "#/components/schemas/Refusal"}, response.json()) == []
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    error: dict[str, Any] = response.json()["error"]
    assert error["status"] == status
    assert error["code"] == error["problems"][0]["code"]
    assert all(one["message"]["th"] and one["message"]["en"] for one in error["problems"])
    return error


def test_the_document_is_valid_openapi() -> None:
    made = plain_document()
    validate(made)
    assert made["openapi"].startswith("3.1")
    names = [said["operationId"] for _, _, said in operations()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("path", "said"), READS, ids=[path for path, _ in READS])
def test_every_read_answers_in_the_envelope(path: str, said: dict[str, Any], releases: list[Release]) -> None:
    address = path.removeprefix(API).format(**ARGUMENTS)
    needed = "?q=จำลอง" if path.endswith("/search") else ""
    response = get(address + needed)
    assert response.status_code == 200, response.content
    assert set(response.json()) == SUCCESS
    schema = plain_document()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert fits(schema, response.json()) == []
    assert response.json()["links"]["self"].startswith("http")
    assert response["ETag"]
    assert response["Cache-Control"] == front.KEPT
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    again = get(address + needed, HTTP_IF_NONE_MATCH=response["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    head = Client().head(f"{API}{address}{needed}")
    assert (head.status_code, head["ETag"]) == (200, response["ETag"])
    refusal(get(f"{address}{needed or '?'}&nonsense=1"), 422)
    for method in ("post", "put", "patch", "delete", "trace"):
        response = getattr(Client(), method)(f"{API}{address}")
        assert refusal(response, 405)["problems"][0]["expected"]["en"] == response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(("path", "said"), READS, ids=[path for path, _ in READS])
def test_every_read_says_what_is_not_there(path: str, said: dict[str, Any], releases: list[Release]) -> None:
    for name in [one["name"] for one in said["parameters"] if one["in"] == "path"]:
        address = path.removeprefix(API).format(**{**ARGUMENTS, name: "no-such"})
        error = refusal(get(address), 422 if name == "by" else 404)
        assert error["problems"][0]["where"] == f"path.{name}"
        assert error["problems"][0]["expected"]
    refusal(get(path.removeprefix(API).format(**ARGUMENTS) + "?q=" + "x" * 10_000_000), 414)


@pytest.mark.parametrize(("path", "said"), READS, ids=[path for path, _ in READS])
def test_nothing_published_gives_an_answer_too(path: str, said: dict[str, Any], releases: list[Release]) -> None:
    Release.objects.update(state="ready")
    response = get(path.removeprefix(API).format(**ARGUMENTS) + ("?q=x" if path.endswith("/search") else ""))
    assert response.status_code in (200, 404)
    if response.status_code == 404:
        refusal(response, 404)
    else:
        assert response.json()["data"] == []


# --- what is in the answers


def test_a_score_is_two_decimals_a_range_or_a_reason(releases: list[Release]) -> None:
    found = [one for code in codes() for one in data(f"/agencies/{code}/rounds/2568/scores")]
    line = PublishedAgency.objects.get(code=CODE, release=releases[0]).line
    exact = next(node for node, (low, high, _) in line.scores.items() if low is not None and low == high)
    between = next(node for node, (low, high, _) in line.scores.items() if low != high)
    by_node = {one["node"]: one for one in data(f"/agencies/{CODE}/rounds/2568/scores")}
    assert by_node[exact]["score"] == line.scores[exact][0]
    assert "low" not in by_node[exact]
    assert (by_node[between]["low"], by_node[between]["high"]) == line.scores[between][:2]
    assert "score" not in by_node[between]
    assert {one["origin"] for one in found if "score" not in one and "low" not in one} <= {
        "absent",
        "unknown",
        "withheld",
    }
    assert len(by_node) == len(line.scores)


def test_numbers_are_those_of_the_published_line(releases: list[Release]) -> None:
    line = PublishedAgency.objects.get(code=CODE, release=releases[0]).line
    here = f"/agencies/{CODE}/rounds/2568"
    assert {one["node"]: one["options"] for one in data(f"{here}/distributions")} == line.counts
    assert {one["node"]: one["verdict"] for one in data(f"{here}/verdicts")} == line.verdicts
    assert {one["node"]: one["respondents"] for one in data(f"{here}/respondents")} == line.respondents
    assert data(here)["levels"] == list(line.levels)


def codes() -> list[str]:
    return [one["code"] for one in data("/agencies?limit=1000")]


def test_years_come_newest_first(releases: list[Release]) -> None:
    assert [one["round"] for one in data("/rounds")] == [str(year) for year in YEARS]
    assert [one["fiscal_year_be"] for one in data(f"/agencies/{CODE}/rounds")] == list(YEARS)
    assert data(f"/agencies/{CODE}")["rounds"] == [str(year) for year in YEARS]


def test_groups_add_up_to_the_nation(releases: list[Release], many: int) -> None:
    nation = data("/rounds/2568/groups/nation")[0]
    assert nation["agencies"] == many
    for by in ("kind", "province", "ministry"):
        assert sum(one["agencies"] for one in data(f"/rounds/2568/groups/{by}")) == many
    one = data("/rounds/2568/groups/kind?node=IIT")[0]
    assert [spread["node"] for spread in one["spreads"]] == ["IIT"]
    listed = Client().get(one["links"]["agencies"].partition("localhost:8000")[2]).json()["data"]
    assert len(listed) == one["agencies"]


def test_every_file_of_a_revision_is_named_with_its_hash(releases: list[Release]) -> None:
    found = {one["path"]: one for one in data("/rounds/2568/bulk")}
    assert {"csv/scores.csv", "datapackage.json"} <= set(found)
    path = releases[0].folder / "csv/scores.csv"
    assert found["csv/scores.csv"]["bytes"] == path.stat().st_size


# --- lists: filters, order, pages


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name", "overall", "-overall"])
@pytest.mark.parametrize("limit", [1, 4, 11, 12, 1000])
def test_pages_hold_every_agency_once_there_and_back(sort: str, limit: int, releases: list[Release], many: int) -> None:
    everything = [one["code"] for one in data(f"/agencies?sort={sort}&limit=1000")]
    pages, address = [], f"{API}/agencies?sort={sort}&limit={limit}"
    while address:
        page = Client().get(address).json()
        pages.append([one["code"] for one in page["data"]])
        back, address = page["links"]["prev"], after(page["links"]["next"])
    assert [code for page in pages for code in page] == everything
    assert len(set(everything)) == many
    backwards = [pages[-1]]
    while back:
        page = Client().get(after(back)).json()
        backwards.insert(0, [one["code"] for one in page["data"]])
        back = page["links"]["prev"]
    assert [code for page in backwards for code in page] == everything


def after(link: str | None) -> str:
    return link.partition("localhost:8000")[2] if link else ""


def test_agencies_without_a_total_stand_last_both_ways(releases: list[Release]) -> None:
    some = PublishedAgency.objects.filter(release=releases[0]).exclude(overall=None).values_list("code", flat=True)
    for sort in ("overall", "-overall"):
        listed = [one["code"] for one in data(f"/agencies?sort={sort}&limit=1000")]
        assert set(listed[: len(some)]) == set(some)


def test_filters(releases: list[Release]) -> None:
    rows = list(PublishedAgency.objects.filter(release=releases[0]))
    for name in ("kind", "province", "level"):
        value = next(getattr(row, name) for row in rows if getattr(row, name))
        listed = {one["code"] for one in get("/agencies", data={name: value, "limit": 1000}).json()["data"]}
        assert listed == {row.code for row in rows if getattr(row, name) == value}
    below = {row.code for row in rows if row.ministry == MINISTRY}
    assert {one["code"] for one in get("/agencies", data={"ministry": MINISTRY}).json()["data"]} == below != set()
    assert [one["code"] for one in data(f"/agencies?q={CODE.upper()}")] == [CODE]
    assert {one["code"] for one in data("/agencies?q=เทศบาลเมืองตัวอย่าง")} >= {"muang"}
    assert data("/agencies?q=ไม่มีชื่อนี้") == []
    both = get("/agencies", data={"kind": "fund", "province": rows[0].province}).json()
    assert both["data"] == []
    assert both["links"]["next"] is None  # each is there, together nobody


def test_full_detail_is_the_whole_line(releases: list[Release]) -> None:
    one = data(f"/agencies?q={CODE}&detail=full")[0]
    here = f"/agencies/{CODE}/rounds/2568"
    assert one["nodes"] == data(f"{here}/scores")
    assert one["distributions"] == data(f"{here}/distributions")
    assert one["verdicts"] == data(f"{here}/verdicts")


@pytest.mark.parametrize(
    ("question", "status", "where"),
    [
        ("limit=1001", 422, "query.limit"),
        ("limit=0", 422, "query.limit"),
        ("limit=-1", 422, "query.limit"),
        ("limit=many", 422, "query.limit"),
        ("limit=1&limit=2", 422, "query.limit"),
        ("sort=size", 422, "query.sort"),
        ("kind=castle", 422, "query.kind"),
        ("detail=all", 422, "query.detail"),
        ("q=", 422, "query.q"),
        ("q=%00", 422, "query.q"),
        ("q=" + "ก" * 256, 422, "query.q"),
        ("round=../../etc", 422, "query.round"),
        ("round=2500", 404, "query.round"),
        ("province=ยะหลา", 404, "query.province"),
        ("ministry=กระทรวงเวทมนตร์", 404, "query.ministry"),
        ("level=ดีเลิศ", 404, "query.level"),
        ("cursor=!!", 422, "query.cursor"),
        ("cursor=abc", 404, "query.cursor"),
        ("cursor=WzEsImNvZGUiLGZhbHNlLG51bGwsIngiXQ&sort=name", 404, "query.cursor"),
        ("page=2", 422, "query.page"),
    ],
)
def test_bad_questions(question: str, status: int, where: str, releases: list[Release]) -> None:
    error = refusal(get(f"/agencies?{question}"), status)
    assert error["problems"][0]["where"] == where
    assert error["problems"][0]["expected"] or error["problems"][0]["found"]


@pytest.mark.parametrize(
    "inside",
    [
        [1, "name", False, None, "x"],
        [1, "overall", False, "NaN", "x"],
        [1, "overall", False, "1e999999", "x"],
        [1, "overall", False, "9" * 500, "x"],
        [10**30, "code", False, None, "x"],
        [True, "code", False, "x", "x"],
        [1, "code", 1, "x", "x"],
        [1, "code", False, "x", "\x00"],
        [1, "code", False, "x", "\ud800"],
        [1, "code", False, ["x"], "x"],
        [1, "code", False, "x", {}],
        {"release": 1},
        5,
    ],
)
def test_cursors_of_other_people_s_making(inside: Any, releases: list[Release]) -> None:
    text = base64.urlsafe_b64encode(json.dumps(inside).encode()).decode().rstrip("=")
    for sort in ("code", "name", "overall"):
        refusal(get(f"/agencies?cursor={text}&sort={sort}"), 404)


def test_an_error_says_what_was_found_and_expected(releases: list[Release]) -> None:
    (found,) = refusal(get("/agencies?limit=5000"), 422)["problems"]
    assert (found["where"], found["found"], found["expected"]["en"]) == ("query.limit", "5000", "1000 or less")


def test_every_problem_is_told_at_once(releases: list[Release]) -> None:
    found = refusal(get("/agencies?limit=0&sort=size&kind=castle"), 422)["problems"]
    assert {one["where"] for one in found} == {"query.limit", "query.sort", "query.kind"}


def test_an_unknown_agency_comes_with_near_ones(releases: list[Release]) -> None:
    near = refusal(get("/agencies/sim-0x"), 404)["problems"][0]["near"]
    assert near
    assert all(Client().get(after(one["href"])).status_code == 200 for one in near)
    name = PublishedAgency.objects.get(code=CODE, release=releases[0]).name
    assert CODE in [one["value"] for one in refusal(get(f"/agencies/{name[:-1]}"), 404)["problems"][0]["near"]]
    province = PublishedAgency.objects.filter(release=releases[0]).exclude(province="").first().province
    near = refusal(get(f"/agencies?province={province[:-1]}"), 404)["problems"][0]["near"]
    assert province in [one["value"] for one in near]


def test_a_page_begun_before_a_correction_is_read_to_its_end(releases: list[Release]) -> None:
    first = get("/agencies?limit=5").json()
    old = releases[0]
    new = Release.objects.create(
        round=old.round, revision=2, result=old.result, framework_id=old.framework_id,
        framework_version=old.framework_version, state="done", published_at=old.published_at, note="แก้ไข",
    )  # fmt: skip
    assert data("/agencies") == []  # the correction is what a new reader gets
    assert get("/agencies").json()["meta"]["revision"] == 2
    assert "round=2568" in first["links"]["next"]  # a round published meanwhile changes nothing either
    page = Client().get(after(first["links"]["next"])).json()
    assert page["meta"]["revision"] == 1
    assert len(page["data"]) == 5
    new.delete()
    Release.objects.filter(pk=old.pk).update(state="failed")
    refusal(Client().get(after(first["links"]["next"])), 404)


# --- what is not published


@pytest.mark.parametrize(
    "state", [{"state": "waiting"}, {"state": "running"}, {"state": "ready"}, {"published_at": None}]
)
def test_what_is_not_published_is_nowhere(state: dict[str, Any], releases: list[Release]) -> None:
    Release.objects.filter(pk=releases[0].pk).update(**state)
    for path, _ in READS:
        response = get(path.removeprefix(API).format(**ARGUMENTS) + ("?q=จำลอง" if path.endswith("/search") else ""))
        body = response.content.decode()
        if "{round}" in path or path.startswith(f"{API}/frameworks/{{id}}"):
            refusal(response, 404)
        assert f'"{YEARS[0]}"' not in body.replace('"found":"2568"', "")
    refusal(get("/agencies?round=2568"), 404)


def test_what_was_withdrawn_is_gone(releases: list[Release]) -> None:
    now = timezone.now()
    Release.objects.filter(round=releases[0].round).update(withdrawn_at=now, withdrawn_reason="ตรวจพบความคลาดเคลื่อน")
    for path, _ in READS:
        if "{round}" in path:
            refusal(get(path.removeprefix(API).format(**ARGUMENTS)), 410)
    refusal(get("/agencies?round=2568"), 410)
    assert [one["round"] for one in data("/rounds")] == ["2567"]
    assert data(f"/agencies/{CODE}")["rounds"] == ["2567"]
    assert get("/agencies?limit=1").json()["meta"]["release"]["round"] == "2567"


def test_small_groups_are_not_told_by_any_answer(releases: list[Release]) -> None:
    """Fewer than k answered IIT: the trace ends at the instrument, whichever way one asks."""
    here = "/agencies/small/rounds/2568"
    assert [one for one in data(f"{here}/distributions") if one["node"].startswith("i")] == []
    hidden = [one for one in data(f"{here}/scores") if one["node"].startswith("i")]
    assert hidden
    assert {one["origin"] for one in hidden} == {"withheld"}
    assert not any({"score", "low", "high", "error"} & set(one) for one in hidden)
    for one in data("/agencies?detail=full&limit=1000"):
        line = PublishedAgency.objects.get(code=one["code"], release=releases[0]).line
        untold = {node for node, (low, _, _) in line.scores.items() if low is None}
        for told in (*one["nodes"], *({"node": node, **score} for node, score in one["scores"].items())):
            assert told["node"] not in untold or set(told) == {"node", "origin"}
        assert {told["node"] for told in one["distributions"]} == set(line.counts)


# --- the front


def test_other_sites_may_read_and_nothing_else(releases: list[Release]) -> None:
    response = Client().options(f"{API}/rounds", HTTP_ORIGIN="https://example.go.th")
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.has_header("Access-Control-Allow-Credentials")


def test_answers_are_the_same_whoever_is_signed_in(releases: list[Release]) -> None:
    client = Client()
    client.cookies["language"] = "en"
    client.cookies["sessionid"] = "x"
    assert client.get(f"{API}/rounds").content == get("/rounds").content


def test_packed_answers_are_the_same_answers(releases: list[Release]) -> None:
    import gzip

    plain = get("/agencies?limit=10")
    packed = get("/agencies?limit=10", HTTP_ACCEPT_ENCODING="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert get("/agencies?limit=10", HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=packed["ETag"]).status_code == 304


def test_asked_since_the_last_publication(releases: list[Release]) -> None:
    moment = get("/rounds/2568")["Last-Modified"]
    assert get("/rounds/2568", HTTP_IF_MODIFIED_SINCE=moment).status_code == 304
    assert get("/rounds/2568", HTTP_IF_MODIFIED_SINCE="Mon, 01 Jan 2001 00:00:00 GMT").status_code == 200
    refusal(get("/rounds/2568", HTTP_IF_MATCH='"another"'), 412)


def test_who_asks_too_often_is_told_when_to_come_back(releases: list[Release], monkeypatch: Any) -> None:
    monkeypatch.setattr(limits.anonymous, "burst", 5.0)
    monkeypatch.setattr(limits.anonymous, "rate", 0.5)
    left = [get("/rounds")["RateLimit"] for _ in range(5)]
    assert left[0] == '"requests";r=4;t=2'
    response = get("/rounds")
    refusal(response, 429)
    assert int(response["Retry-After"]) in (1, 2)
    assert get("/rounds", REMOTE_ADDR="203.0.113.9").status_code == 200  # another address
    then = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: then() + 3)
    assert get("/rounds").status_code == 200


def test_large_pages_weigh_more(releases: list[Release]) -> None:
    before = int(get("/rounds")["RateLimit"].partition("r=")[2].partition(";")[0])
    response = get("/agencies?limit=1000&detail=full")
    assert before - int(response["RateLimit"].partition("r=")[2].partition(";")[0]) > 25


@pytest.mark.parametrize(
    "path", ["/", "", "/nope", "/rounds/", "//rounds", "/rounds/2568/../2567", "/%2e%2e/admin", "/agencies/%00"]
)
def test_strange_paths(path: str, releases: list[Release]) -> None:
    response = get(path)
    assert response.status_code in (404, 422)
    refusal(response, response.status_code)


def test_a_path_of_ten_thousand_letters(releases: list[Release]) -> None:
    refusal(get("/agencies/" + "x" * 10_000), 414)


def test_a_host_that_is_not_ours_is_refused(releases: list[Release], settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["ours.test"]
    refusal(get("/rounds", HTTP_HOST="evil.test"), 400)


def test_a_fault_of_ours_tells_nothing(releases: list[Release], monkeypatch: Any) -> None:
    def broken() -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("prongsai.site.opendata.reading.current", broken)
    response = get("/rounds")
    refusal(response, 500)
    assert b"secret" not in response.content


@pytest.mark.parametrize(
    "query", ["/agencies?limit=1000", "/agencies?limit=1000&detail=full", "/rounds/2568/groups/province"]
)
def test_few_queries(query: str, releases: list[Release], django_assert_max_num_queries: Any) -> None:
    get(query)
    with django_assert_max_num_queries(10):
        assert get(query).status_code == 200
