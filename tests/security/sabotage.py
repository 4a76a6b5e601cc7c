"""Takes defences away while their tests run, each of which must fail then, and pass again: the positive controls.

A plugin of pytest: ``SABOTAGE=said.json pytest -p sabotage tests/…::test_… …``, with this folder on ``PYTHONPATH`` and
the tests of the rows of ``broken.SABOTAGE``. What became of each row stands in the file afterwards: ``noticed``; or
``passed`` (the test does not look), ``fell over …`` (outside the test's own lines: the sabotage does not fit the code
any more), ``fails without, too`` (fails with the defence in its place, which proves nothing).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from broken import SABOTAGE
from write_security import table

TESTS = Path(__file__).parents[1]
ASSERTED = ("AssertionError", "Failed")  # the second: pytest.raises in which nothing was raised
_COMMON = (str, bytes, int, float, tuple, type(None))  # the same object may stand for something else elsewhere
_ROWS: dict[str, list[str]] = {}
for _row in table()[2]:
    if _row.id in SABOTAGE:
        _ROWS.setdefault(_row.test, []).append(_row.id)
_said: dict[str, str] = {}
_now: list[str] = []  # the row whose defence is away
_how: list[str] = []  # how the test ended


def target(where: str) -> tuple[Any, str]:
    """The object that holds what ``module:name`` or ``module:Class.name`` means, and the last name.

    ``settings:NAME`` is Django's. Raises ``LookupError`` where there is no such thing any more.
    """
    module, _, path = where.partition(":")
    *way, name = path.split(".")
    if module == "settings":
        from django.conf import settings as owner
    else:
        owner = import_module(module)
    try:
        for step in way:
            owner = getattr(owner, step)
        getattr(owner, name)
    except AttributeError as error:
        raise LookupError(f"{where}: not there any more; mend tests/security/broken.py") from error
    return owner, name


@contextmanager
def taken_away(row: str) -> Iterator[None]:
    """Without a row's defence, also where other modules have imported it by name."""
    undo: list[tuple[Any, str, Any, Any]] = []
    others: set[tuple[int, str]] = set()  # what stood for itself before: a class, say, that is put for a function
    for where, change in SABOTAGE[row].items():
        owner, name = target(where)
        kept = vars(owner).get(name, getattr(owner, name)) if isinstance(owner, type) else getattr(owner, name)
        broken = change(kept)
        others |= {(id(module), known) for module, known in _known(None, broken)}
        for holder, known in [(owner, name), *_known(owner, kept)]:
            undo.append((holder, known, kept, broken))
            setattr(holder, known, broken)
    try:
        yield
    finally:
        for holder, known, kept, broken in reversed(undo):
            setattr(holder, known, kept)
            for late, name in _known(holder, broken):  # imported meanwhile
                if (id(late), name) not in others:
                    setattr(late, name, kept)


def _known(owner: Any, kept: Any) -> Iterator[tuple[Any, str]]:
    """Where else the very object is a module's global."""
    if isinstance(owner, type) or isinstance(kept, _COMMON):
        return
    for module in list(sys.modules.values()):
        if module is not None and module is not owner and hasattr(module, "__dict__"):
            yield from ((module, name) for name, value in list(vars(module).items()) if value is kept)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Each row of this test: once without the defence, once with it."""
    for row in _ROWS.get(item.nodeid.partition("[")[0], ()):
        if _said.get(row) != "noticed":  # one of a test's parameters is enough
            _now.append(row)
            without = _run(item)
            _now.clear()
            _said[row] = (
                ("fails without, too" if _run(item) else "noticed") if without in ASSERTED else without or "passed"
            )
            if without and without not in ASSERTED:
                _said[row] = f"fell over {without}"
    Path(os.environ["SABOTAGE"]).write_text(json.dumps(_said, indent=1), encoding="utf-8")
    item.session._setupstate.teardown_exact(nextitem)
    return True


def _run(item: Any) -> str:
    """Run a test and say by what it failed; empty where it passed."""
    _how.clear()
    item._initrequest()  # fixtures anew
    runtestprotocol(item, nextitem=item.parent, log=False)  # tears down the test, not its module or the database
    return _how[0] if _how else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[Any]:
    """Fixtures stand by now; only the test itself meets the hole."""
    if not _now:
        return (yield)
    with taken_away(_now[0]):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Remember how a test failed."""
    if call.excinfo is not None:
        name, last = call.excinfo.typename, Path(str(call.excinfo.traceback[-1].path))
        read_by_the_test = (
            last.is_relative_to(TESTS) and last.parent != Path(__file__).parent
        )  # what is not there any more
        if isinstance(call.excinfo.value, BaseExceptionGroup):  # hypothesis met several faults
            name = next((type(one).__name__ for one in call.excinfo.value.exceptions), name)
        how = "AssertionError" if read_by_the_test else name
        _how.append(how if call.when == "call" else f"in its {call.when}: {name}")
    return (yield)
