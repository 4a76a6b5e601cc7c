"""The list of agencies: who sees which, filters, sorting, search, XLSX, and that it stays quick."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from prongsai.site.agencies.models import Agency
from prongsai.site.rounds.models import Assessment, Stage
from prongsai.site.rounds.names import Match, match

ClientOf = Callable[[str], Client]


@pytest.fixture
def nation(cast: Cast) -> Cast:
    """Sixty more agencies in two provinces, half of them with results."""
    agencies = Agency.objects.bulk_create(
        [
            Agency(
                code=f"a{n:02}",
                name=f"เทศบาลตำบลบ้าน{n:02}",
                kind="subdistrict_municipality",
                province="นครปฐม" if n % 2 else "สงขลา",
            )
            for n in range(60)
        ]
    )
    levels = ("ผ่าน", "ผ่านดีเยี่ยม", "ต้องปรับปรุง")
    Assessment.objects.bulk_create(
        [
            Assessment(
                round=cast.round,
                agency=agency,
                overall=50 + n if n < 30 else None,
                level=levels[n % 3] if n < 30 else "",
                results_at=timezone.now() if n < 30 else None,
            )
            for n, agency in enumerate(agencies)
        ]
    )
    return cast


def page(client: Client, query: str = "", **headers: str) -> str:
    answer = client.get(f"/agencies/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str) -> list[str]:
    """The names in the table, in order."""
    body = text.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0] if "<tbody>" in text else ""
    return [part.split('">')[1].split("</a>")[0] for part in body.split('<th scope="row"><a href')[1:]]


def test_each_sees_their_own_agencies(nation: Cast, client_of: ClientOf) -> None:
    assert rows(page(client_of("officer"))) == ["เทศบาลเมืองตัวอย่าง"]
    assert rows(page(client_of("other_officer"))) == ["องค์การบริหารส่วนตำบลอื่น"]
    assert "พบ 31 แห่ง" in page(client_of("supervisor"))  # of one province
    assert "พบ 62 แห่ง" in page(client_of("assessor"))
    assert "ยังไม่มีหน่วยงานในการประเมินนี้" in page(client_of("stranger"))


def test_supervisors_read_and_cannot_bring_in_results(nation: Cast, client_of: ClientOf) -> None:
    assert "/import/" not in page(client_of("supervisor"))
    assert 'href="/rounds/' not in page(client_of("supervisor"))
    assert client_of("supervisor").get("/agencies/muang/2568/import/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("อบต.อื่น", "องค์การบริหารส่วนตำบลอื่น"),
        ("อบต. อื่น", "องค์การบริหารส่วนตำบลอื่น"),
        ("ทม.ตัวอย่าง", "เทศบาลเมืองตัวอย่าง"),
        ("ทต. บ้าน07", "เทศบาลตำบลบ้าน07"),
        ("ตัวอย่าง", "เทศบาลเมืองตัวอย่าง"),
        ("เทศบาลเเมืองตัวอย่าง".replace("เเม", "เม"), "เทศบาลเมืองตัวอย่าง"),
        ("example town", "เทศบาลเมืองตัวอย่าง"),
        ("a07", "เทศบาลตำบลบ้าน07"),
    ],
)
def test_search(typed: str, found: str, nation: Cast, client_of: ClientOf) -> None:
    assert rows(page(client_of("assessor"), f"?q={typed}")) == [found]


def test_search_that_finds_nothing_says_what_to_do(nation: Cast, client_of: ClientOf) -> None:
    text = page(client_of("assessor"), '?q=%25%27"zz')
    assert "ไม่พบหน่วยงานตามที่กรอง" in text
    assert "ล้างตัวกรอง" in text


def test_filters_sorting_and_pages(nation: Cast, client_of: ClientOf) -> None:
    client = client_of("assessor")
    assert "พบ 30 แห่ง" in page(client, "?province=สงขลา")
    assert "พบ 1 แห่ง" in page(client, "?kind=town_municipality")
    assert "พบ 10 แห่ง" in page(client, "?level=ผ่านดีเยี่ยม")
    assert "พบ 0 แห่ง" in page(client, "?round=2567&kind=subdistrict_organization")
    assert rows(page(client, "?sort=-overall"))[:2] == ["เทศบาลตำบลบ้าน29", "เทศบาลตำบลบ้าน28"]
    assert rows(page(client, "?sort=overall"))[0] == "เทศบาลตำบลบ้าน00"  # missing scores come last, not as zero
    assert rows(page(client, "?sort=level"))[0] == "เทศบาลตำบลบ้าน01"  # best first
    assert len(rows(page(client))) == 50
    assert len(rows(page(client, "?page=2"))) == 12
    assert 'aria-sort="descending"' in page(client, "?sort=-overall")
    assert len(rows(page(client, "?sort=drop+table&level=x&kind=x&step=x&state=x&page=x&round=x"))) == 50


def test_late_steps(nation: Cast, client_of: ClientOf) -> None:
    client = client_of("assessor")
    Stage.objects.filter(round=nation.round, kind="results").update(
        opens=timezone.localdate() - dt.timedelta(days=9), closes=timezone.localdate() - dt.timedelta(days=1)
    )
    assert "พบ 62 แห่ง" in page(client, "?step=results&state=late")  # half late, half not there
    stage = Stage.objects.get(round=nation.round, kind="results")
    stage.extensions.create(agency=nation.agency, closes=timezone.localdate(), reason="ก")
    text = page(client, "?step=results&state=late")
    assert "พบ 61 แห่ง" in text
    assert "เลยกำหนด" in text
    assert "ทำช้า" in text
    assert rows(page(client, "?step=results&state=open")) == ["เทศบาลเมืองตัวอย่าง"]
    assert "พบ 32 แห่ง" in page(client, "?step=results")  # not done yet


def test_htmx_gets_the_table_alone(nation: Cast, client_of: ClientOf) -> None:
    text = page(client_of("assessor"), "?q=บ้าน07", **{"HX-Request": "true", "HX-Target": "list"})
    assert text.lstrip().startswith('<div id="list">')
    assert "<html" not in text
    assert "บ้าน07" in text


def test_spreadsheet_of_what_is_filtered(nation: Cast, client_of: ClientOf) -> None:
    Agency.objects.filter(code="a00").update(name="=HYPERLINK(1)")
    answer = client_of("assessor").get("/agencies/list.xlsx?province=สงขลา&sort=-overall")
    assert answer.status_code == 200
    assert "agencies-2568.xlsx" in answer["Content-Disposition"]
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(lines) == 31
    assert lines[0][:3] == ["รหัส", "หน่วยงาน", "ประเภท"]
    assert lines[1][:5] == ["a28", "เทศบาลตำบลบ้าน28", "เทศบาลตำบล", "สงขลา", 78.0]
    assert "ทำแล้ว" in lines[1]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert any(line[1] == "=HYPERLINK(1)" for line in lines)


@pytest.mark.parametrize("query", ["", "?q=บ้าน&state=late&sort=-level&page=2", "?province=สงขลา&step=plan"])
def test_few_queries_however_many_rows(
    query: str, nation: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    for member in ("assessor", "supervisor", "officer"):
        client = client_of(member)
        with django_assert_max_num_queries(20):
            page(client, query)


def test_no_round_at_all(client_of: ClientOf, db: None) -> None:
    from prongsai.site.rounds.models import Round

    Assessment.objects.all().delete()
    Round.objects.all().delete()
    assert "ยังไม่มีการประเมิน" in page(client_of("assessor"))
    assert "เทศบาลเมืองตัวอย่าง" in page(client_of("officer"))


@pytest.mark.parametrize(
    ("name", "province", "expected"),
    [
        ("เทศบาลเมืองตัวอย่าง", None, Match.SAME),
        ("ทม.ตัวอย่าง", "นครปฐม", Match.SAME),
        ("เทศบาลเมือง ตัวอย่าง อำเภอเมืองตัวอย่าง จังหวัดนครปฐม", None, Match.SAME),
        ("Example Town Municipality", None, Match.SAME),
        ("เทศบาลเมืองตัวอย่าง", "สงขลา", Match.OTHER),
        ("เทศบาลตำบลตัวอย่าง", None, Match.OTHER),
        ("เทศบาลเมืองตัวอยาง", None, Match.OTHER),
        ("เทศบาลเมืองบางปลา", None, Match.OTHER),
        ("ตัวอย่าง", None, Match.OTHER),
    ],
)
def test_whether_a_name_means_an_agency(name: str, province: str | None, expected: Match) -> None:
    agency = Agency(
        name="เทศบาลเมืองตัวอย่าง", name_en="Example Town Municipality", kind="town_municipality", province="นครปฐม"
    )
    assert match(agency, name, province) is expected


def test_a_slightly_misread_name_is_similar() -> None:
    agency = Agency(name="องค์การบริหารส่วนตำบลหนองบัวใต้สามัคคี", province="ตาก")
    assert match(agency, "อบต.หนองบัวใต้สามัคดี") is Match.SIMILAR
    assert match(agency, "อบต.หนองบัวเหนือ") is Match.OTHER
