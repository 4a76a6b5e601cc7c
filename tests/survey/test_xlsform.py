"""The XLSForm, read back by another library than the one that wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook
from pyxform.xls2xform import convert

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.survey import wording
from prongsai.survey.questionnaire import Questionnaire, questionnaire
from prongsai.survey.shipped import shipped
from prongsai.survey.xlsform import column_language, write_xlsform


def sheet(path: Path, name: str) -> list[dict[str, str]]:
    heading, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(heading, row, strict=True)) for row in rows]


FORMS = [
    questionnaire(by_id(name), code) for name, code in (("rehearsal", "R"), ("service-point", "S"), ("ita-2564", "IIT"))
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_the_whole_questionnaire_comes_back(form: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_xlsform(path, form)
    survey, choices, (settings,) = (sheet(path, name) for name in ("survey", "choices", "settings"))
    asked = {row["name"]: row for row in survey if row["type"].startswith("select_one ")}
    assert list(asked) == ["eligible", *(line.code for line in form.lines)]
    for line in form.lines:
        row = asked[line.code]
        assert row["type"] == f"select_one {line.scale}"
        assert row["label::ไทย (th)"] == form.text(line.code)
        assert row["label::English (en)"]  # Thai where there is no English: never an empty question
        assert row["required"] == "yes"
        offered = [choice for choice in choices if choice["list_name"] == line.scale]
        assert tuple(choice["name"] for choice in offered) == line.options
        assert [c["label::ไทย (th)"] for c in offered] == [form.text(f"{line.scale}:{key}") for key in line.options]
    lists = {row["type"].split()[1] for row in asked.values()}
    assert lists == {choice["list_name"] for choice in choices}
    assert len({(choice["list_name"], choice["name"]) for choice in choices}) == len(choices)
    assert settings == {
        "form_title": form.text("title"),
        "form_id": form.id.replace("/", "-"),
        "version": form.version,
        "default_language": "ไทย (th)",
    }


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_groups_close_names_differ_and_nothing_is_collected_aside(form: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_xlsform(path, form)
    depth = 0
    names = []
    for row in sheet(path, "survey"):
        depth += (row["type"] == "begin_group") - (row["type"] == "end_group")
        assert depth >= 0
        assert row["type"].split()[0] in ("select_one", "note", "begin_group", "end_group")
        names += [row["name"]] if row["name"] else []
    assert depth == 0
    assert len(set(names)) == len(names)


def test_a_translation_and_text_like_a_formula_stay_what_they_are(tmp_path: Path) -> None:
    form = FORMS[0]
    texts = {"r1": "=HYPERLINK(1)", "r2": "http://example.org", "r3": "12"}
    malay = wording.with_wording(form, wording.Wording(form.id, "ms-Latn", "draft", texts))
    path = tmp_path / "form.xlsx"
    write_xlsform(path, malay)
    rows = {row["name"]: row for row in sheet(path, "survey")}
    column = "label::ร่าง draft Melayu Rumi (ms)"
    assert {code: rows[code][column] for code in texts} == texts
    assert rows["r4"][column] == form.text("r4")


CONVERTED = [
    shipped(questionnaire(by_id(name), code))
    for name, code in (("rehearsal", "R"), ("service-point", "S"), ("ita-2565", "IIT"), ("ita-2565", "EIT"))
]


@pytest.mark.parametrize("form", CONVERTED, ids=lambda form: form.id)
def test_it_is_a_form_that_odk_and_kobo_take(form: Questionnaire, tmp_path: Path) -> None:
    """Converted by pyxform, the converter of both; its check of the XForm itself (ODK Validate) would need Java."""
    path = tmp_path / "form.xlsx"
    write_xlsform(path, form)
    made = convert(path, validate=False, pretty_print=False)
    assert made.warnings == []
    root = etree.fromstring(made.xform.encode())
    languages = root.findall(".//{*}itext/{*}translation")
    assert len(languages) == len(form.texts)
    assert {one.get("default") for one in languages if one.get("lang") == "ไทย (th)"} == {"true()"}
    texts = {
        (one.get("lang"), text.get("id")): "".join(text.find("{*}value").itertext())
        for one in languages
        for text in one.findall("{*}text")
    }
    for language in form.texts:
        name = column_language(form, language)
        for line in form.lines:
            (path_of,) = {node for one, node in texts if one == name and node.endswith(f"/{line.code}:label")}
            assert texts[name, path_of] == form.text(line.code, language)
            assert texts[name, path_of.replace(":label", ":jr:requiredMsg")]
    instance = root.find(".//{*}instance/*[@id]")
    assert (instance.get("id"), instance.get("version")) == (form.id.replace("/", "-"), form.version)
    binds = {bind.get("nodeset").split("/")[-1]: bind for bind in root.iter("{*}bind")}
    assert all(binds[code].get("required") == "true()" for code in ("eligible", *(line.code for line in form.lines)))
    assert "= 'yes'" in binds["questions"].get("relevant")


def test_drafts_in_malay_say_so_and_have_their_own_buttons(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_xlsform(path, CONVERTED[0])
    row = next(row for row in sheet(path, "choices") if (row["list_name"], row["name"]) == ("eligible_answer", "no"))
    assert row["label::ร่าง draft Melayu Jawi ملايو (ms)"] == "تيدق"
    assert row["label::ร่าง draft Melayu Rumi (ms)"] == "Tidak"


def test_half_a_questionnaire_is_not_exported(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with pytest.raises(InputError):
        write_xlsform(path, questionnaire(by_id("ita-2568"), "IIT"))
    assert not path.exists()
