"""The page of an agency's year: the level with what it rests on, never a total alone; then everything behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prongsai.analysis.trend import trend
from prongsai.errors import InputError
from prongsai.framework.model import Band, Indicator, Instrument
from prongsai.improvement.follow_up import STATUS_TH, summarise
from prongsai.improvement.model import Measure, Status
from prongsai.publishing.agency.model import Download, Figure, Yearbook, figure
from prongsai.publishing.agency.parts import STACK, Right, bar, bullets, section, table, verdict
from prongsai.publishing.agency.words import Words, text
from prongsai.publishing.standing import lacking
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet

_STATUS_EN: dict[Status, str] = {"done": "done", "in_progress": "in progress", "not_started": "not started"}
_TONE: dict[Status, str] = {"done": "good", "in_progress": "warn", "not_started": ""}
PAGES = {"th": "index.html", "en": "en.html"}


def frame(words: Words, title: str, body: str, classes: str = "", root: str = "") -> str:
    """A whole HTML document around a body. ``root``: the way back to the folder's top."""
    kind = f' class="{classes}"' if classes else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><meta name="description" content="{title}">'
        f'<link rel="stylesheet" href="{root}style.css"></head><body{kind}>\n{body}</body></html>\n'
    )


def index(book: Yearbook, words: Words) -> str:
    """The page in one language."""
    other = "en" if words.language == "th" else "th"
    label = "English" if words.language == "th" else "ภาษาไทย"
    title = words.t(f"ผลการประเมิน ITA {book.agency}", f"ITA results of {book.agency}")
    sections = [
        ("level", words.t("ที่มาของระดับ", "What the level rests on"), rests_on(book, words)),
        ("indicators", words.t("คะแนนรายตัวชี้วัด", "Indicators"), indicators(book, words)),
        ("items", words.t("คะแนนรายข้อ", "Items"), items(book, words)),
        ("years", words.t("ผลแต่ละปี", "Years"), years(book, words)),
        ("plan", words.t("มาตรการและความก้าวหน้า", "Measures and progress"), plan(book, words)),
        ("approval", words.t("การอนุมัติ", "Approval"), approval(book, words)),
        ("documents", words.t("เอกสาร", "Documents"), files(book.documents, words)),
        ("data", words.t("ข้อมูลเปิด", "Open data"), files(book.data, words)),
        ("oit", words.t("การเปิดเผยข้อมูลสาธารณะ (OIT)", "Public disclosure (OIT)"), disclosure(book, words)),
        ("embed", words.t("นำไปแสดงในเว็บไซต์", "Embed"), embed(book, words)),
    ]
    there = [(ident, name) for ident, name, body in sections if body]
    jump = bullets([f'<a href="#{ident}">{name}</a>' for ident, name in there], "jump")
    head = (
        f'<a class="skip" href="#content">{words.t("ข้ามไปยังเนื้อหา", "Skip to content")}</a>'
        f'<header class="top"><div class="in"><div class="line"><span>{words.year(book.year)}</span>'
        f'<a href="{PAGES[other]}" lang="{other}" hreflang="{other}">{label}</a></div>'
        f"<h1>{words.thai(book.agency)}</h1>"
        f"<p>{words.name(book.framework.title.th, book.framework.title.en)}</p></div></header>\n"
    )
    body = "".join(section(ident, name, found) for ident, name, found in sections)
    nav = f'<nav aria-label="{words.t("ในหน้านี้", "On this page")}">{jump}</nav>'
    content = f'<main id="content" tabindex="-1" class="in">{result(book, words)}{nav}{body}</main>\n'
    return frame(words, f"{title} {words.year(book.year)}", head + content + foot(book, words))


def result(book: Yearbook, words: Words) -> str:
    """The level, and beside it the total with every instrument."""
    heading = words.t("ระดับผลการประเมิน", "Result level")
    return (
        f'<section class="result" aria-labelledby="result-h"><div class="{_level_class(book)}">'
        f'<p class="soft" id="result-h">{heading}</p><p class="name">{level_name(book.sheet, words)}</p>'
        f'<p class="soft">{_in_a_word(book, words)}</p></div>'
        f"{_facts(book, words)}{figures(book, words)}</section>\n"
    )


def _level_class(book: Yearbook) -> str:
    return f"level {'' if book.band is None else 'good' if book.band.passes else 'bad'}".strip()


def level_name(sheet: ScoreSheet, words: Words) -> str:
    """The level, or the levels still possible."""
    names = sheet.level.names
    if not names:
        return words.t("ยังไม่ทราบ", "not known")
    return words.t(" หรือ ", " or ").join(words.thai(name) for name in names)


def _in_a_word(book: Yearbook, words: Words) -> str:
    if book.band is None:
        return words.t("ยังสรุปเป็นระดับเดียวไม่ได้ เพราะไม่ทราบคะแนนบางส่วน", "not one level yet: some scores are not known")
    if book.band.passes:
        return words.t("ผ่านเกณฑ์การประเมิน", "passes the assessment")
    return words.t("ไม่ผ่านเกณฑ์การประเมิน", "does not pass the assessment")


def _facts(book: Yearbook, words: Words) -> str:
    """Who answered, and what keeps the agency from the next level."""
    told = []
    counts = book.sheet.results.respondents
    if counts:
        numbers = " · ".join(f"{text(name)} {count:,}" for name, count in counts.items())
        told.append(f"{words.t('ผู้ตอบ', 'Respondents')} <strong>{numbers}</strong>")
    if book.better:
        lacking = list(_lacking(book, book.better, words))
        name = words.thai(book.better.name)
        if lacking:
            told.append(f"{words.t('สิ่งที่ยังขาดสู่ระดับ', 'To reach')} {name}: <strong>{'; '.join(lacking)}</strong>")
    return f'<div class="facts">{"".join(f"<p>{one}</p>" for one in told)}</div>' if told else ""


def _lacking(book: Yearbook, better: Band, words: Words) -> Iterator[str]:
    for one in lacking(book.framework, better, book.shows):
        name = words.t("คะแนนรวม", "overall") if one.node == "overall" else text(one.node)
        yield f"{name} {words.score(one.score)} {words.t('ต้องได้', 'needs')} {one.floor:.2f}"


def figures(book: Yearbook, words: Words) -> str:
    """The total and every instrument side by side, each with its parts."""
    whole = book.shows("overall")
    cards = [_card(words, words.t("คะแนนรวม", "Overall"), words.t("เต็ม 100", "of 100"), whole, "", "total")]
    for inst, parts in book.instruments():
        below = bullets([f"<span>{text(part)}</span><span>{words.score(book.shows(part))}</span>" for part in parts])
        name = words.name(inst.name.th, inst.name.en)
        cards.append(_card(words, text(inst.code), name, book.shows(inst.code), below))
    return f'<ul class="figures">{"".join(cards)}</ul>'


def _card(words: Words, label: str, name: str, found: Figure, below: str, classes: str = "") -> str:
    kind = f' class="{classes}"' if classes else ""
    value = "value" if found.known else "value words"
    return (
        f'<li{kind}><span class="label">{label}<small>{name}</small></span>'
        f'<span class="{value}">{words.score(found)}</span>{bar(found)}<div class="parts">{below}</div></li>'
    )


def rests_on(book: Yearbook, words: Words) -> str:
    """The rule of every level, and how the total and every component stand against it."""
    band, better, levels = book.band, book.better, book.framework.levels
    asked = [one for one in (band, better) if one]
    head = [words.t("คะแนน", "Score of"), Right(words.t("ได้", "has"))]
    head += [f"{words.t('เกณฑ์ของ', 'rule of')} “{words.thai(one.name)}”" for one in asked]
    rows = []
    for node in ("overall", *levels.components):
        found = book.shows(node)
        name = words.t("คะแนนรวม", "Overall") if node == "overall" else text(node)
        cells = [f'<span class="key">{name}</span>', words.score(found)]
        for one in asked:
            floor = one.overall_min if node == "overall" else one.component_min
            told = words.t("ไม่กำหนด", "none") if floor is None else f"{floor:.2f}"
            cells.append(told if floor is None else f"{told} {verdict(words, found.meets(book.framework, floor))}")
        rows.append(cells)
    own = table(words.t("คะแนนเทียบเกณฑ์", "Scores and thresholds"), head, rows, STACK)
    return own + _bands(book, words)


def _bands(book: Yearbook, words: Words) -> str:
    sure = {
        "confirmed": words.t("ยืนยันแล้ว", "confirmed"),
        "inferred": words.t("อนุมาน", "inferred"),
        "recalled": words.t("ยังไม่พบแหล่งที่มา", "no source seen"),
        "unknown": words.t("ไม่ทราบ", "unknown"),
    }
    here = f'<span class="tag">{words.t("ระดับนี้", "this one")}</span>'
    rows = [
        [
            f"{words.thai(band.name)} {here if band == book.band else ''}",
            f"{band.overall_min:.2f}",
            "–" if band.component_min is None else f"{band.component_min:.2f}",
            words.t("ผ่าน", "yes") if band.passes else words.t("ไม่ผ่าน", "no"),
            sure[band.confidence],
        ]
        for band in book.framework.levels.bands
    ]
    head = (
        words.t("ระดับ", "Level"),
        Right(words.t("คะแนนรวมตั้งแต่", "Overall from")),
        Right(words.t("ทุกองค์ประกอบตั้งแต่", "Every component from")),
        words.t("ผ่านเกณฑ์", "Passes"),
        words.t("ที่มาของเกณฑ์", "Source of the rule"),
    )
    name = words.t("เกณฑ์ทุกระดับ พิจารณาจากบนลงล่าง", "All levels, tried from the top")
    return f"<h3>{name}</h3>{table(name, head, rows, STACK)}"


def _all_indicators(book: Yearbook) -> list[tuple[Instrument, Indicator]]:
    return [(inst, indicator) for inst in book.framework.instruments for indicator in inst.indicators]


def indicators(book: Yearbook, words: Words) -> str:
    """Every indicator with its score."""
    rows = []
    for inst, indicator in _all_indicators(book):
        found = book.shows(indicator.number)
        name = f'<span class="key">{text(indicator.number)}</span> {words.name(indicator.name.th, indicator.name.en)}'
        rows.append([name, text(inst.code), bar(found), words.score(found)])
    head = (
        words.t("ตัวชี้วัด", "Indicator"),
        words.t("เครื่องมือ", "Instrument"),
        words.t("0 ถึง 100", "0 to 100"),
        Right(words.t("คะแนน", "Score")),
    )
    ranged = any(book.shows(one.number).known and not book.shows(one.number).exact for _, one in _all_indicators(book))
    why = words.t(
        "คะแนนที่เป็นช่วงคือทราบเพียงช่วง เพราะน้ำหนักหรือคะแนนบางส่วนไม่ได้เผยแพร่",
        "A range means that only a range is known: some weights or scores are not published.",
    )
    note = f'<p class="small soft">{why}</p>' if ranged else ""
    return table(words.t("ตารางตัวชี้วัด", "Table of indicators"), head, rows, "chart") + note + _disagreements(book, words)


def _disagreements(book: Yearbook, words: Words) -> str:
    found = [words.thai(one.th) for one in book.sheet.disagreements]
    if not found:
        return ""
    name = words.t("ตัวเลขที่ไม่ตรงกัน", "Numbers that disagree")
    why = words.t(
        "ตัวเลขที่รายงานไว้ต่างจากที่คำนวณได้ แสดงไว้ตามที่พบ", "What was reported differs from what follows; shown as found."
    )
    return f'<h3>{name}</h3><p class="small soft">{why}</p>{bullets(found, "small")}'


def items(book: Yearbook, words: Words) -> str:
    """Every item under its indicator; of an inspected item its verdict, as a word."""
    made = []
    for inst, indicator in _all_indicators(book):
        rows = []
        for item in indicator.items:
            found = book.shows(item.code)
            wording = words.thai(item.text or item.short or words.t("ไม่พบถ้อยคำที่เผยแพร่", "wording not published"))
            name = f'<span class="key">{text(item.code)}</span> {wording}'
            rows.append([name, *(_each_part(book, words, inst, item.code)), words.score(found)])
        head = [
            words.t("ข้อ", "Item"),
            *(Right(text(part.code)) for part in inst.parts),
            Right(words.t("คะแนน", "Score")),
        ]
        title = f"{text(indicator.number)} {words.name(indicator.name.th, indicator.name.en)}"
        own = words.score(book.shows(indicator.number))
        name = f"{words.t('ข้อของตัวชี้วัด', 'Items of indicator')} {text(indicator.number)}"
        made.append(f'<h3><span>{title}</span><span class="n">{own}</span></h3>{table(name, head, rows)}')
    return "".join(made)


def _each_part(book: Yearbook, words: Words, inst: Instrument, code: str) -> list[str]:
    return [words.score(book.shows(f"{code}@{part.code}")) for part in inst.parts]


def years(book: Yearbook, words: Words) -> str:
    """Total, instruments and level of every year given, newest first, and whether they may be compared."""
    if not book.years:
        return ""
    sheets = sorted((book.sheet, *book.years), key=lambda sheet: -(sheet.results.fiscal_year or 0))
    codes = list(dict.fromkeys(inst.code for sheet in sheets for inst in sheet.framework.instruments))
    rows = []
    for place, sheet in enumerate(sheets):
        nodes = ["overall", *codes]
        cells = [words.score(figure(sheet, node)) if node in sheet.values else "–" for node in nodes]
        before = sheets[place + 1] if place + 1 < len(sheets) else None
        rows.append(
            [str(sheet.results.fiscal_year), *cells, level_name(sheet, words), _comparable(sheet, before, words)]
        )
    head = [words.t("ปี พ.ศ.", "Year B.E."), Right(words.t("รวม", "Overall")), *(Right(text(code)) for code in codes)]
    head += [words.t("ระดับ", "Level"), words.t("เทียบกับปีก่อน", "Against the year before")]
    return table(words.t("ตารางผลแต่ละปี", "Table of years"), head, rows)


def _comparable(after: ScoreSheet, before: ScoreSheet | None, words: Words) -> str:
    if before is None:
        return "–"
    try:
        change = trend(after, before).overall
    except InputError:
        return words.t("ไม่ใช่ปีติดกัน จึงไม่เทียบ", "not the year before: not compared")
    if change is None:
        return words.t("ไม่ทราบคะแนนรวมที่แน่นอน", "the overall scores are not exact")
    if not change.comparable:
        return words.t("เทียบกันไม่ได้ทั้งหมด: ข้อคำถามหรือวิธีให้คะแนนเปลี่ยน", "not fully comparable: items or scoring changed")
    difference = shown(change.difference)
    return words.t(f"เทียบกันได้ ต่าง {difference:+}", f"comparable, difference {difference:+}")


def plan(book: Yearbook, words: Words) -> str:
    """Every measure with its units and when; what became of it, where that is reported."""
    made = book.progress.plan if book.progress else book.plan
    if made is None:
        return ""
    reported = {one.measure: one for one in book.progress.measures} if book.progress else {}
    rows = []
    for point in made.points:
        for measure in point.measures:
            cells = [words.thai(measure.title), *(words.thai(found) for found in _who_and_when(measure))]
            if book.progress:
                status: Status = reported[measure.id].status if measure.id in reported else "not_started"
                name = words.t(STATUS_TH[status], _STATUS_EN[status])
                cells.append(f'<span class="tag {_TONE[status]}">{name}</span>')
            rows.append(cells)
    head = [words.t("มาตรการ", "Measure"), words.t("ผู้รับผิดชอบ", "Units"), words.t("ระยะเวลา", "When")]
    if book.progress:
        head.append(words.t("สถานะ", "Status"))
    lead = words.t(f"ดำเนินการใน{words.year(made.action_year)}", f"Carried out in {words.year(made.action_year)}")
    told = " · ".join(part for part in (lead, _share(book, words)) if part)
    return f'<p class="soft">{told}</p>' + table(words.t("ตารางมาตรการ", "Table of measures"), head, rows, STACK)


def _share(book: Yearbook, words: Words) -> str:
    if book.progress is None:
        return ""
    found = summarise(book.progress)
    share = "–" if found.share is None else str(shown(found.share))
    done = f"{found.counts['done']}/{found.total}"
    months = book.progress.months
    return words.t(
        f"ดำเนินการแล้ว {done} มาตรการ (ร้อยละ {share}) รอบ {months} เดือน",
        f"{done} measures done ({share} %) after {months} months",
    )


def _who_and_when(measure: Measure) -> tuple[str, str]:
    units = list(dict.fromkeys(unit for step in measure.steps for unit in step.units))
    periods = [step.period for step in measure.steps if step.period]
    written = list(dict.fromkeys(period.text for period in periods if period.text))
    days = [day for period in periods for day in (period.start, period.end) if day]
    if days:
        from prongsai.thai.dates import short_date

        written.append(f"{short_date(min(days))} – {short_date(max(days))}")
    return ", ".join(units) or "–", ", ".join(written) or "–"


def approval(book: Yearbook, words: Words) -> str:
    """Who approved what, and when. Nothing where nothing is recorded."""
    rows = [
        [
            words.thai(step.position),
            words.thai(step.name) if step.name else words.t("ไม่ระบุ", "not stated"),
            words.thai(step.done or "อนุมัติ"),
            words.day(step.day) if step.day else words.t("ไม่ระบุ", "not stated"),
        ]
        for step in book.approvals
    ]
    head = (
        words.t("ตำแหน่ง", "Position"),
        words.t("ชื่อ", "Name"),
        words.t("การดำเนินการ", "What was done"),
        words.t("วันที่", "Day"),
    )
    return table(words.t("ตารางการอนุมัติ", "Table of approvals"), head, rows, STACK)


def files(downloads: Sequence[Download], words: Words) -> str:
    """Files to fetch, with kind and size."""
    return bullets(
        [
            f'<a href="{text(one.path)}">{words.t(one.th, one.en)}<small>{words.size(one)}</small></a>'
            for one in downloads
        ],
        "files",
    )


def disclosure(book: Yearbook, words: Words) -> str:
    """The way to the table of links."""
    if book.links is None:
        return ""
    filed = sum(1 for item in book.links.items if item.links)
    label = words.t(f"ตารางลิงก์ทุกข้อ ({filed} ข้อมีลิงก์)", f"Table of links ({filed} items have links)")
    return f'<ul class="files"><li><a href="oit.html">{label}<small>HTML</small></a></li></ul>'


def embed(book: Yearbook, words: Words) -> str:
    """The badge, and what to paste into another page."""
    from prongsai.publishing.agency.embed import alternative, snippets

    badge = f'<p><img src="badge.svg" width="400" height="120" alt="{alternative(book)}"></p>'
    where = words.t(
        "คัดลอกไปวางในหน้าเว็บ หากแสดงภาพหรือกรอบไม่ได้ จะเห็นข้อความและลิงก์แทน",
        "Paste into a page; where no picture or frame is shown, text and a link stand instead.",
    )
    made = "".join(f"<h3>{words.t(th, en)}</h3><pre><code>{text(code)}</code></pre>" for th, en, code in snippets(book))
    return f"{badge}<p>{where}</p>{made}"


def foot(book: Yearbook, words: Words) -> str:
    """What the numbers are and since when."""
    rounding = words.t(
        "คะแนนแสดงทศนิยมสองตำแหน่ง ปัดครึ่งขึ้น คะแนนรวมคำนวณก่อนปัดเศษ และไม่มีคำตอบรายบุคคล",
        "Scores are rounded half up to two decimals, the total before rounding; there are no single answers.",
    )
    framework = f"{book.framework.id} {words.t('รุ่น', 'version')} {book.framework.version}"
    return (
        f'<footer class="foot in"><p>{words.t("เผยแพร่", "Published")} {words.day(book.published)} · '
        f"{words.t('กรอบการประเมิน', 'Framework')} {text(framework)}</p><p>{rounding}</p></footer>\n"
    )
