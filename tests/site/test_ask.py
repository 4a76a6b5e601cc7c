"""The way of a respondent, without a browser: by code, link and service point, in every language, forwards and back."""

from __future__ import annotations

import datetime as dt

import pytest
from ask_world import Respondent, calm  # noqa: F401 - a fixture
from cast import Cast
from django.utils import timezone
from survey_world import form_of, given, key_folder, open_survey, survey_round  # noqa: F401 - a fixture

from prongsai.site.ask import doors
from prongsai.site.rounds.models import Stage
from prongsai.site.surveys.actions import OpenSurvey, PrepareSurveys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Answer, Box, Code, Letter, Place, Seen, Survey
from prongsai.survey.shipped import shipped
from prongsai.survey.words import languages, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder", "calm")]


def fields(survey: Survey, seed: int = 1) -> dict[str, str]:
    return {f"a-{code}": key for code, key in given(form_of(survey), seed).items()}


def moved(survey: Survey) -> list[str]:
    """The answers, after the close."""
    Stage.objects.filter(round=survey.assessment.round).update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    return sorted(Answer.objects.values_list("packed", flat=True))


def packed(survey: Survey, seed: int = 1) -> str:
    from prongsai.survey.answers import answer

    form = form_of(survey)
    return f"{form.container}/{answer(form, given(form, seed)).packed}".partition("/")[2]


def test_with_a_code_question_by_question(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    form, mine = form_of(survey), fields(survey)
    me = Respondent().get("/a/")
    assert me.status == 200
    me.post("/a/", code=codes[0].lower().replace("-", " "))
    assert cast.agency.name in me.page
    me.press("begin", eligible="yes", way="one")
    for number, question in enumerate(form.questions, start=1):
        assert f"ข้อ {number} จาก {len(form.questions)}" in me.page
        assert not Code.objects.filter(spent=True).exists()
        me.press("next", **{f"a-{line.code}": mine[f"a-{line.code}"] for line in question.lines})
    assert words().texts["review_title"] in me.page
    me.press("send")
    assert me.status == 200
    assert Code.objects.filter(spent=True).count() == Letter.objects.count() == 1
    receipt = me.receipt
    assert words().texts["check_yes"] in Respondent().post("/a/receipt/", receipt=receipt.lower()).page
    assert moved(survey) == [packed(survey)]


def test_all_on_one_page_by_the_open_link(cast: Cast) -> None:
    survey, _ = open_survey(cast)
    me = Respondent().get(f"/a/{survey.token}/all/")
    me.press("send", eligible="yes", **fields(survey))
    assert me.status == 200
    today = timezone.localdate()
    assert me.receipt.startswith(f"{today:%Y}-{today:%m%d}")
    assert words().texts["check_day"].split("{")[0] in Respondent().post("/a/receipt/", receipt=me.receipt).page
    assert moved(survey) == [packed(survey)]
    assert Seen.objects.count() == 1


def test_at_a_service_point_the_answer_goes_to_its_own_box(cast: Cast) -> None:
    assessment = survey_round(cast.agency, "service-point")
    survey = PrepareSurveys(by=cast.assessor, assessment=assessment).execute()[0]
    survey.by_places = True
    survey.save()
    place = Place.objects.create(survey=survey, name="งานทะเบียนราษฎร")
    OpenSurvey(by=cast.assessor, survey=survey, form=form_of(survey)).execute()
    turn(first=True)
    me = Respondent().get(f"/a/{place.token.upper()}/")
    assert "งานทะเบียนราษฎร" in me.page
    me.press("begin", eligible="yes", way="all").press("send", **fields(survey))
    assert me.receipt
    assert [box.place for box in survey.boxes.filter(filed=1)] == [place]
    assert Respondent().get(f"/a/{survey.token}/").status == 404  # this survey has no general link


@pytest.mark.parametrize("language", languages())
def test_in_every_language_the_same_is_stored(language: str, cast: Cast) -> None:
    assessment = survey_round(cast.agency)
    survey = PrepareSurveys(by=cast.assessor, assessment=assessment).execute()[0]
    survey.by_link = True
    survey.save()
    OpenSurvey(by=cast.assessor, survey=survey, form=shipped(form_of(survey))).execute()
    turn(first=True)
    known = words(language)
    me = Respondent().get(f"/a/{survey.token}/").press(f"lang-{language}")
    assert f'<html lang="{language}" dir="{known.direction}">' in me.page
    assert (known.texts["draft_note"] in me.page) == (language != "th")  # every shipped translation is a draft
    me.press("begin", eligible="yes", way="all")
    assert f'<html lang="{language}"' in me.page
    me.press("review", **fields(survey)).press("send")
    assert known.texts["sent_title"] in me.page
    assert moved(survey) == [packed(survey)]


def test_no_at_the_first_question_spends_nothing(cast: Cast) -> None:
    _, codes = open_survey(cast)
    me = Respondent().post("/a/", code=codes[0]).press("begin", eligible="no", way="one")
    assert words().texts["not_you_title"] in me.page
    assert not Code.objects.filter(spent=True).exists()


def test_nothing_is_asked_before_the_first_question_is_answered(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    me = Respondent().post("/a/", code=codes[0]).press("begin", way="one")
    assert (me.status, words().texts["say_eligible"] in me.page) == (422, True)
    me = Respondent().get(f"/a/{survey.token}/all/").press("send", **fields(survey))
    assert (me.status, words().texts["say_eligible"] in me.page) == (422, True)
    assert not Letter.objects.exists()


def test_back_and_change_keep_what_was_answered(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    form = form_of(survey)
    first, second = form.questions[0].lines[0], form.questions[1].lines[0]
    me = Respondent().post("/a/", code=codes[0]).press("begin", eligible="yes", way="one")
    me.press("next", **{f"a-{first.code}": first.options[1]})
    me.press("back", **{f"a-{second.code}": second.options[0]})
    assert f'name="a-{first.code}" value="{first.options[1]}" required checked' in me.page
    me.press("next", **{f"a-{first.code}": first.options[2]})
    assert f'name="a-{second.code}" value="{second.options[0]}" required checked' in me.page
    me.press("back").press("back")
    assert words().texts["notice_title"] in me.page
    me.press("begin", eligible="yes", way="all")
    assert f'value="{first.options[2]}" required checked' in me.page
    me.press("review", **fields(survey)).press("edit-1")
    assert f"ข้อ 1 จาก {len(form.questions)}" in me.page
    me.press("next", **{f"a-{first.code}": first.options[0]})
    assert words().texts["review_title"] in me.page
    me.press("send")
    assert moved(survey)[0][0] == "0"


def test_a_double_click_and_a_second_send_give_the_same_receipt(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    for start in (
        Respondent().post("/a/", code=codes[0]).press("begin", eligible="yes", way="all"),
        Respondent().get(f"/a/{survey.token}/").press("begin", eligible="yes", way="all"),
    ):
        review = start.press("review", **fields(survey)).page
        before = Letter.objects.count()
        receipts = set()
        for _ in range(3):
            start.page = review  # the back button, or the same button again
            receipts.add(start.press("send").receipt)
        assert len(receipts) == 1
        assert Letter.objects.count() == before + 1


def test_the_words_of_all_languages_have_the_same_keys_and_values() -> None:
    import string

    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    thai = words().texts
    for language in languages():
        texts = words(language).texts
        assert texts.keys() == thai.keys(), language
        assert [key for key in thai if values(texts[key]) != values(thai[key])] == [], language
        assert all(text.strip() for text in texts.values())
    assert words("xx") == words("th")


def test_in_english_the_agency_has_its_english_name_and_the_notice_says_whom_to_ask(cast: Cast) -> None:
    survey, _ = open_survey(cast, translated=True)
    assert "สอบถาม" not in Respondent().get(f"/a/{survey.token}/").page  # nobody is named
    survey.assessment.contact = "สำนักงาน <ตัวอย่าง> โทร. 02 000 0000"
    survey.assessment.save()
    doors.forget()
    assert "สอบถามหรือแจ้งปัญหา: สำนักงาน &lt;ตัวอย่าง&gt; โทร. 02 000 0000" in Respondent().get(f"/a/{survey.token}/").page
    page = Respondent().get(f"/a/{survey.token}/en/").page
    assert cast.agency.name_en in page
    assert cast.agency.name not in page


def test_one_request_looks_anew_and_those_beside_it_do_not(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, _ = open_survey(cast)
    now = [1000.0]
    monkeypatch.setattr(doors.time, "monotonic", lambda: now[0])
    looked: list[float] = []
    find = doors._find_token

    def slowly(token: str) -> doors.Door | None:
        looked.append(now[0])
        if len(looked) == 2:
            assert doors.by_token(survey.token)  # another respondent, while this one waits for the database
        return find(token)

    monkeypatch.setattr(doors, "_find_token", slowly)
    doors.by_token(survey.token)
    now[0] += doors.FRESH + 0.1
    doors.by_token(survey.token)
    assert len(looked) == 2
    now[0] += 3600
    Box.objects.update(closed=True, batch=None)
    door = doors.by_token(survey.token)  # what was kept an hour ago is shown to nobody
    assert door
    assert door.state == "notready"
