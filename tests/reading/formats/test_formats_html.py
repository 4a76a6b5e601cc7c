"""Web pages: what a reader sees, and nothing of the menus."""

from __future__ import annotations

from pathlib import Path

from source_sample import lines, opened, pictures, tables, texts

from prongsai.reading.source import Line

PAGE = """<!DOCTYPE html><html lang="th"><head><title>ผลการประเมิน</title><style>p{}</style></head><body>
<a class="skip" href="#content">ข้าม</a><nav><a href="/">หน้าแรก</a></nav><script>var x = "99.99"</script>
<h1>รายงาน<br>ผลการประเมิน</h1><p>คะแนน <b>๘๗</b>.๐๒ &amp; ระดับผ่าน</p>
<div>ลอย <span>ต่อ</span><p>ใหม่</p>ท้าย</div>
<ol class="thai"><li>หนึ่ง</li><li>สอง</li></ol><ul><li>จุด</li></ul>
<dl class="memo"><div><dt>เรื่อง</dt><dd>รายงาน</dd></div><div><dt>ที่</dt><dd>ตย ๑</dd></div></dl>
<table><caption>ตารางที่ 1</caption><thead><tr><th rowspan="2">ที่</th><th colspan="2">คะแนน</th></tr>
<tr><th>2567</th><th>2568</th></tr></thead><tbody><tr><th colspan="3">IIT</th></tr>
<tr><td>1</td><td><p>90.00</p><p>(ดี)</p></td><td>91.00</td></tr></tbody></table>
<figure><figcaption>แผนภูมิที่ 1</figcaption><svg role="img" aria-label="สูงสุดคือ o1"><text>0 20</text></svg>
<svg role="img" aria-label="สูงสุดคือ o1"><text>0 20</text></svg><p>สูงสุดคือ o1</p></figure>
<img src="a.png" alt="ภาพกิจกรรม"><p hidden>ซ่อน</p><p style="display:none">ซ่อน</p>
<table role="presentation"><tr><td><p>วางหน้า</p></td></tr></table></body></html>"""


def test_a_page_in_reading_order(tmp_path: Path) -> None:
    source = opened(tmp_path, "ก.html", PAGE)
    assert source.title == "ผลการประเมิน"
    assert lines(source) == [
        "รายงาน", "ผลการประเมิน", "คะแนน ๘๗.๐๒ & ระดับผ่าน", "ลอย ต่อ", "ใหม่", "ท้าย", "๑. หนึ่ง", "๒. สอง", "- จุด",
        "เรื่อง รายงาน", "ที่ ตย ๑", "ตารางที่ 1", "แผนภูมิที่ 1", "สูงสุดคือ o1", "วางหน้า",
    ]  # fmt: skip
    assert pictures(source) == ["สูงสุดคือ o1", "ภาพกิจกรรม"]
    assert [block.heading for block in source.blocks if isinstance(block, Line)][:3] == [1, 1, None]


def test_merged_cells_head_and_caption(tmp_path: Path) -> None:
    (table,) = tables(opened(tmp_path, "ก.html", PAGE))
    assert texts(table) == [["ที่", "คะแนน"], ["2567", "2568"], ["IIT"], ["1", "90.00\n(ดี)", "91.00"]]
    assert (table.head, table.name) == (2, "ตารางที่ 1")
    assert [(cell.rowspan, cell.colspan) for cell in table.rows[0]] == [(2, 1), (1, 2)]
    assert [cell and cell.text for cell in table.grid()[1]] == ["ที่", "2567", "2568"]


def test_old_pages_in_the_thai_code_page(tmp_path: Path) -> None:
    assert lines(opened(tmp_path, "ก.htm", "<html><body><p>ระดับผ่านดี</p></body></html>".encode("cp874"))) == ["ระดับผ่านดี"]


def test_a_page_is_known_by_its_content(tmp_path: Path) -> None:
    assert opened(tmp_path, "ก.txt", PAGE).format == "html"


def test_spans_are_bounded(tmp_path: Path) -> None:
    (table,) = tables(
        opened(tmp_path, "ก.html", "<table><tr><td colspan=99999999>ก</td></tr><tr><td>ข</td></tr></table>")
    )
    assert len(table.grid()[0]) == 1000
