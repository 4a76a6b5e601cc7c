"""Cells of CSV files that people open in a spreadsheet: a text stays a text, whoever wrote it.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, which may start a program or send
other cells away. Such a text gets an apostrophe in front. One that begins with an apostrophe gets one, too, so that
taking one off always gives the text back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_GUARDED = r"^[=+\-@\t\r\n'＝＋－＠]"  # also in full width, and behind what a spreadsheet leaves out
_FORMULA = re.compile(_GUARDED)


def harmless(text: str) -> str:
    """The text as a cell that is no formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def harmless_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """A table whose texts are no formulas; numbers stay as they are."""
    import polars as pl

    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(_GUARDED)).then("'" + text).otherwise(text).name.keep())
