"""A template can neither take for ever nor eat the memory: whatever it holds, it is refused soon or filled soon.

Seen without the limits: 40,000 braces took 10 s and four times as long for twice as many; 10,000 slots in a line 10 s;
20,000 slots in runs of their own more than a minute.
"""

from __future__ import annotations

import os
import time
import tracemalloc

import pytest
from test_template import SAMPLE, edited, in_body, template

from prongsai.documents import template_docx
from prongsai.documents.errors import TemplateError
from prongsai.documents.template_docx import check_template
from prongsai.documents.writers import WriteOptions, write


def padded(parts: dict[str, bytes]) -> None:
    """What does not shrink, so that the growth on unpacking is within its limit."""
    others = dict(parts)
    parts.clear()
    parts |= {"word/media/padding.png": os.urandom(400_000), **others}


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


COSTLY = {
    "braces": (paragraph("{{" * 40_000), "is not allowed"),
    "braces in a paragraph that is too long": (paragraph("x {" * 40_000), "characters"),
    "half closed": (paragraph("{{a" * 30_000), "is not allowed"),
    "slots in a line": (paragraph("{{agency}}" * 5_000), "slots"),
    "slots in runs": (f"<w:p>{'<w:r><w:t>{{agency}}</w:t></w:r>' * 5_000}</w:p>", "slots"),
    "slots in paragraphs": (paragraph("{{agency}}") * 5_000, "slots"),
    "elements": ("<w:p/>" * 150_000, "elements"),
    "deep": ("<w:p>" * 5_000 + "</w:p>" * 5_000, "broken XML"),
    "text": (paragraph("x" * 9_000_000), "bytes of XML|broken XML"),
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_template_is_refused_soon(name: str) -> None:
    xml, words = COSTLY[name]
    data = edited(edited(template("{{body}}"), in_body(xml)), padded)
    start = time.process_time()
    with pytest.raises(TemplateError, match=words):
        write(SAMPLE, "docx", WriteOptions(template=data))
    assert time.process_time() - start < 3


def test_as_much_as_is_allowed_is_filled_soon() -> None:
    most = template_docx.MAX_SLOTS - 1
    data = edited(template("{{body}}"), in_body(f"<w:p>{'<w:r><w:t>{{agency}}</w:t></w:r>' * most}</w:p>"))
    start = time.process_time()
    assert write(SAMPLE, "docx", WriteOptions(template=data))
    assert time.process_time() - start < 5


def test_many_small_elements_take_little_memory() -> None:
    """Ten million empty paragraphs fit into 60 MB of XML; their tree would not."""
    data = edited(edited(template(), in_body("<w:p/>" * 2_000_000)), padded)
    tracemalloc.start()
    try:
        with pytest.raises(TemplateError, match="bytes of XML"):
            check_template(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_positive_control_the_braces_take_the_square_where_all_are_sought() -> None:
    """What the limits are for: looking for every expression at once, as before."""

    def seconds(count: int) -> float:
        start = time.process_time()
        template_docx._EXPRESSION.findall("{{" * count)
        return time.process_time() - start

    assert seconds(3_200) > 6 * seconds(800) > 0
