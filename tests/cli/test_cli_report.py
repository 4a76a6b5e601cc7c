from __future__ import annotations

import io
import zipfile

import pytest
from unchanged import everything

from prongsai.documents.registry import names
from prongsai.documents.writers import formats

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "00e221bc330000000049454e44ae426082"
)


@pytest.mark.parametrize(
    "kind", [kind for kind in names("kinds") if kind in ("brief", "memo", "order", "announcement")]
)
def test_kinds_are_written(prongsai, files, kind) -> None:
    out, plan = files / f"{kind}.html", files / "plan.yaml"
    assert prongsai("plan", files / "results.yaml", "-o", plan).status == 0
    run = prongsai("report", files / "results.yaml", "--kind", kind, "--plan", plan, "-o", out, "--digits", "thai")
    assert run.status == 0, run.err
    text = out.read_text(encoding="utf-8")
    assert "เทศบาลตำบลสมมติ" in text
    assert "๒๕๖๘" in text


@pytest.mark.parametrize("name", formats())
def test_format_follows_the_name_or_the_option(prongsai, files, name) -> None:
    assert prongsai("report", files / "results.yaml", "--kind", "brief", "-o", files / f"x.{name}").status == 0
    out = files / f"สรุป-{name}"
    assert prongsai("report", files / "results.yaml", "--kind", "brief", "-o", out, "--format", name).status == 0
    assert out.stat().st_size > 1000


def test_existing_document_is_kept(prongsai, files) -> None:
    out = files / "brief.html"
    out.write_text("แก้ไขแล้ว", encoding="utf-8")
    assert prongsai("report", files / "results.yaml", "--kind", "brief", "-o", out).status == 2
    assert out.read_text(encoding="utf-8") == "แก้ไขแล้ว"
    assert prongsai("report", files / "results.yaml", "--kind", "brief", "-o", out, "--force").status == 0


def test_letter_fields_and_emblem(prongsai, files) -> None:
    (files / "memo.yaml").write_text("unit: สำนักปลัดสมมติ\nnumber: มท 0001\ndate: ๑๕ มกราคม ๒๕๖๙\n", encoding="utf-8")
    (files / "ตรา.png").write_bytes(PICTURE)
    out = files / "memo.html"
    arguments = ("--kind", "memo", "--memo", files / "memo.yaml", "--emblem", files / "ตรา.png", "-o", out)
    run = prongsai("report", files / "results.yaml", *arguments)
    assert run.status == 0, run.err
    assert "สำนักปลัดสมมติ" in out.read_text(encoding="utf-8")


def archive(**parts: str | bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return data.getvalue()


MACRO_TYPES = '<Types><Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
REFUSED = {
    "no such file": None,
    "no archive": b"not a zip",
    "ZIP bomb": archive(**{"[Content_Types].xml": MACRO_TYPES, "word__document.xml": b"0" * 80_000_000}),
    "macro": archive(**{"[Content_Types].xml": MACRO_TYPES, "word__vbaProject.bin": b"x"}),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_bad_templates(prongsai, files, data) -> None:
    template = files / "แม่แบบ.docx"
    if data is not None:
        template.write_bytes(data)
    refused(prongsai, files, "--kind", "brief", "--template", template, "-o", files / "brief.docx")


def test_bad_choices(prongsai, files) -> None:
    refused(prongsai, files, "--kind", "poem", "-o", files / "x.docx")
    refused(prongsai, files, "--kind", "brief", "-o", files / "x.exe")
    refused(prongsai, files, "--kind", "brief", "-o", files / "x")
    refused(prongsai, files, "--kind", "brief", "--layout", "rainbow", "-o", files / "x.docx")
    refused(prongsai, files, "--kind", "brief", "-o", files / "none" / "x.docx")
    refused(prongsai, files, "--kind", "brief", "--emblem", files / "results.yaml", "-o", files / "x.docx")
    refused(prongsai, files, "--kind", "brief", "--plan", files / "none.yaml", "-o", files / "x.docx")


def test_pictures_lie_beside_the_report(prongsai, files) -> None:
    plan, progress = files / "plan.yaml", files / "progress.yaml"
    assert prongsai("plan", files / "results.yaml", "-o", plan).status == 0
    assert prongsai("progress", plan, "-o", progress).status == 0
    text = progress.read_text(encoding="utf-8")
    proof = "  proof:\n  - {kind: picture, path: ../../secret.png}\n"
    head, _, rest = text.partition("  status: not_started\n")
    progress.write_text(f"{head}  status: done\n{proof}{rest}", encoding="utf-8")
    refused(prongsai, files, "--kind", "brief", "--progress", progress, "-o", files / "x.docx")


def refused(prongsai, folder, *arguments: object) -> None:
    before = everything(folder)
    run = prongsai("report", folder / "results.yaml", *arguments)
    assert (run.status, run.out) == (2, ""), run
    assert "→" in run.err
    assert everything(folder) == before


def test_success_indicators_and_budget_can_be_hidden(prongsai, files) -> None:
    plan = files / "plan.yaml"
    assert prongsai("plan", files / "results.yaml", "-o", plan).status == 0
    for name, hidden in (("shown", ()), ("hidden", ("--hide", "success", "--hide", "budget"))):
        given = (files / "results.yaml", "--kind", "measures", "--layout", "indicators", "--plan", plan, *hidden)
        run = prongsai("report", *given, "-o", files / f"{name}.html")
        assert run.status == 0, run.err
    assert "ตัวชี้วัดความสำเร็จ" in (files / "shown.html").read_text(encoding="utf-8")
    assert "ตัวชี้วัดความสำเร็จ" not in (files / "hidden.html").read_text(encoding="utf-8")
