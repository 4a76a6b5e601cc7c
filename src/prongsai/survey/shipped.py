"""The translations that come with Prongsai (``wordings/FRAMEWORK/CONTAINER/LANGUAGE.yaml``), and files to fill in.

They are our own drafts. They translate what is published in Thai and nothing else: where an official wording is
unknown, a translation would be an invention too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from prongsai.survey.questionnaire import ELIGIBLE, THAI, Questionnaire
from prongsai.survey.wording import load, with_wording

FOLDER = Path(__file__).parent / "wordings"


def shipped_files(form: Questionnaire) -> tuple[Path, ...]:
    """The wording files that come with Prongsai for a questionnaire, by language; often none."""
    return tuple(sorted((FOLDER / form.id).glob("*.yaml")))


def shipped(form: Questionnaire) -> Questionnaire:
    """The questionnaire with all translations that come with Prongsai, marked as drafts.

    What the framework or an assessor's wording says already stays as it is.
    """
    for path in shipped_files(form):
        wording = load(path, form)
        known = form.texts.get(wording.language, {})
        lacking = {node: text for node, text in wording.texts.items() if node not in known}
        if lacking:
            form = with_wording(form, replace(wording, texts=lacking))
    return form


def wording_template(form: Questionnaire, language: str = THAI) -> str:
    """A wording file (YAML) with every text that a language lacks, to be filled in; each with what is known of it.

    ``load`` refuses it until every text is filled in or its line removed. Raises nothing; where nothing is missing
    the file has no texts. The official wordings in Thai are not among them: they cannot be changed.
    """
    known = form.texts.get(language, {})
    wanted = set(form.missing(language)) | set(form.texts.get(THAI, {})) - set(known)
    nodes = [node for node in form.nodes if node in wanted]
    # Thai texts that an assessor adds are the questionnaire itself; a translation is a draft until it is reviewed.
    status = "reviewed" if language == THAI else "draft"
    lines = [
        "# ไฟล์ถ้อยคำ: เติมข้อความในเครื่องหมายคำพูด แล้วนำเข้าอีกครั้ง (fill in the texts between the quotes)",
        "# status: draft = ฉบับร่าง, reviewed = ตรวจทานแล้ว",
        f"questionnaire: {form.id}",
        f"language: {language}",
        f"status: {status}",
        "texts:" if nodes else "texts: {}",
    ]
    for node in nodes:
        lines += [f"  # {about}" for about in _known_of(form, node, language)] + [f'  "{node}": ""']
    return "\n".join(lines) + "\n"


def _known_of(form: Questionnaire, node: str, language: str) -> list[str]:
    """What the questionnaire tells of a node, one comment a line."""
    known = [
        f"{other}: {' '.join(texts[node].split())}"
        for other, texts in form.texts.items()
        if other != language and node in texts
    ]
    if node == ELIGIBLE:
        return [*known, f"คำถามคัดกรองผู้ตอบของ {form.text('title') or form.id}: ตอบว่าใช่จึงตอบแบบสอบถามต่อ"]
    using = [line for line in form.lines if line.scale and node.startswith(f"{line.scale}:")]
    if using:
        options, key = using[0].options, node.partition(":")[2]
        place = f"ตัวเลือกที่ {options.index(key) + 1} จาก {len(options)} (คีย์ {', '.join(options)})"
        return [*known, f"{place} ใช้ในข้อ {', '.join(line.code for line in using)}"]
    if not known:
        question = next((one for one in form.questions if node in (one.code, *(n.code for n in one.lines))), None)
        heading = form.text(question.indicator) if question else None
        known = [f"ข้อ {node} ในตัวชี้วัด “{heading}” ไม่มีถ้อยคำที่เผยแพร่" if heading else "ไม่มีถ้อยคำที่เผยแพร่"]
    return known
