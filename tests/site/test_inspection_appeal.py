"""What only some frameworks have: an appeal to a panel, new links with a clarification, partial points; reminders."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone
from inspection_world import FAIL, PASS, inspector, locked, mark, preliminary, window

from prongsai.framework.model import Framework, Inspection, Option
from prongsai.site.history.action import Refused
from prongsai.site.inspection import judging
from prongsai.site.inspection.actions.clarify import ConfirmScores
from prongsai.site.inspection.actions.mark import MarkItem
from prongsai.site.inspection.models import CheckRun, Clarification, State
from prongsai.site.notices.due import remind
from prongsai.site.notices.models import Notice
from prongsai.site.results.models import Result
from prongsai.site.rounds.models import Round, StageKind

pytestmark = pytest.mark.django_db
Of = Callable[[str], Client]
CLARIFY = "/agencies/muang/2568/evidence/o1/clarify/"
RESULT = "/agencies/muang/2568/evidence/result/"


@pytest.fixture(autouse=True)
def _no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 0)


def ruled(cast: Cast, monkeypatch: pytest.MonkeyPatch, **rules: Any) -> None:
    """The round's framework as it is, with published rules of inspection."""
    stated = Inspection(source=("ประกาศสมมติ",), confidence="confirmed", **rules)
    framework: Framework = cast.round.framework.model_copy(update={"inspection": stated})
    monkeypatch.setattr(Round, "framework", framework)


def decide(client: Client, verdict: str, **more: str) -> int:
    filed = Clarification.objects.get(state="filed")
    said = {"verdict": verdict, "sentence": "เหตุผลของคำวินิจฉัย", **more}
    status: int = client.post(f"/inspection/clarifications/{filed.pk}/", said).status_code
    return status


def test_an_appeal_from_the_decision_to_the_score(cast: Cast, client_of: Of, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(cast, monkeypatch, appeal=True)
    preliminary(cast, [inspector(1)], failing=("o1",))
    officer, second, third = client_of("officer"), Client(), Client()
    for client, number in ((second, 2), (third, 3)):
        client.force_login(inspector(number), backend="allauth.account.auth_backends.AuthenticationBackend")
    officer.post(CLARIFY, {"text": "อยู่ท้ายหน้า"})
    assert decide(second, FAIL, missing="other") == 302
    window(cast, StageKind.CLARIFICATION, -9, -2)
    with pytest.raises(Refused, match="no appeal step"):
        ConfirmScores(by=cast.assessor, assessment=cast.assessment).execute()
    window(cast, StageKind.APPEAL, -1, 5)
    with pytest.raises(Refused, match="can still appeal"):
        ConfirmScores(by=cast.assessor, assessment=cast.assessment).execute()
    assert "อุทธรณ์ได้ 1 ข้อ" in html.unescape(officer.get("/").content.decode())
    assert "อุทธรณ์คำวินิจฉัยได้" in html.unescape(officer.get(RESULT).content.decode())
    assert officer.post(CLARIFY, {"text": "ขออุทธรณ์"}).status_code == 302
    appeal = Clarification.objects.get(kind="appeal")
    assert second.get(f"/inspection/clarifications/{appeal.pk}/").status_code == 404  # decided the clarification
    assert "ขออุทธรณ์" in html.unescape(third.get(f"/inspection/clarifications/{appeal.pk}/").content.decode())
    assert decide(third, PASS) == 302
    assert cast.assessment.evidence.get(item="o1").state == State.FINAL
    window(cast, StageKind.APPEAL, -5, -1)
    ask = {"verb": "confirm", "agency": "all", "sure": "1"}
    client_of("assessor").post("/inspection/rounds/2568/", ask)
    assert Result.objects.get(assessment=cast.assessment).data["verdicts"]["o1"] == PASS
    cast.assessment.refresh_from_db()
    assert cast.assessment.appealed_at


def test_new_links_only_where_the_framework_lets_them_in(
    cast: Cast, client_of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = preliminary(cast, [inspector(1)], failing=("o1",))
    officer = client_of("officer")
    assert 'name="new"' not in officer.get(CLARIFY).content.decode()
    ruled(cast, monkeypatch, clarify_on="new")
    assert 'name="new"' in officer.get(CLARIFY).content.decode()
    assert officer.post(CLARIFY, {"text": "เพิ่มลิงก์", "new": "ไม่ใช่ลิงก์"}).status_code == 409
    assert officer.post(CLARIFY, {"text": "เพิ่มลิงก์", "new": "https://www.muang.example.go.th/new"}).status_code == 302
    assert [link.url for link in Clarification.objects.get().links.all()] == ["https://www.muang.example.go.th/new"]
    assert CheckRun.objects.get().evidence == rows[0]  # and it is preserved for the second inspector
    assert CheckRun.objects.get().occasion == "inspection"


def test_partial_points_only_where_the_scale_has_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = locked(cast)[0]
    with pytest.raises(Refused, match="not one of"):
        MarkItem(by=cast.inspector, evidence=row, verdict="partly", missing="ก", sentence="ข").execute()
    framework = cast.round.framework
    key = str(judging.checklist_items(framework)["o1"].scale)
    scale = framework.scales[key]
    options = (*scale.options, Option(key="partly", label="เปิดเผยบางส่วน", points="50"))
    changed = framework.model_copy(
        update={"scales": {**framework.scales, key: scale.model_copy(update={"options": options})}}
    )
    monkeypatch.setattr(Round, "framework", changed)
    with pytest.raises(Refused, match="missing element"):
        MarkItem(by=cast.inspector, evidence=row, verdict="partly").execute()
    MarkItem(by=cast.inspector, evidence=row, verdict="partly", missing="ก", sentence="ข").execute()
    assert not judging.is_full(row, "partly")


def test_reminders_each_once(cast: Cast, client_of: Of) -> None:
    rows = locked(cast)
    window(cast, StageKind.INSPECTION, -10, 7)
    today = timezone.localdate()
    remind(today)
    assert Notice.objects.filter(to=cast.inspector, subject__contains=f"รอท่านตรวจ OIT {len(rows)} ข้อ").count() == 1
    for row in rows:
        mark(row, inspector(1) if row.item == "o1" else cast.inspector, FAIL if row.item == "o1" else PASS)
    client_of("assessor").post("/inspection/rounds/2568/", {"verb": "open", "agency": "muang", "sure": "1"})
    window(cast, StageKind.CLARIFICATION, 0, 20)
    for _ in range(2):
        remind(today)
    told = Notice.objects.filter(to=cast.officer, subject__startswith="ชี้แจงเพิ่มเติมผล OIT ได้ 1 ข้อ")
    assert told.count() == 1
    remind(today + dt.timedelta(days=0))
    client_of("officer").post(CLARIFY, {"text": "อยู่ท้ายหน้า"})
    remind(today)
    assert Notice.objects.filter(to=cast.inspector, subject__contains="รอวินิจฉัย 1 เรื่อง").count() == 1
    assert decide(client_of("inspector"), PASS) == 302
    remind(today)
    note = Notice.objects.get(to=cast.officer, subject="วินิจฉัยคำชี้แจง OIT ข้อ o1 แล้ว")
    assert "เหตุผลของคำวินิจฉัย" in note.text
    assert not Notice.objects.filter(to=cast.officer, subject__contains="ตรวจประเมิน OIT ITA").exists()
