"""A reader under fuzzing: a function of bytes, what it may refuse them with, and samples to begin from.

Whatever stands in the bytes, a reader either reads it or refuses it with an error made for people. Anything else is a
crash: an exception that nobody expects is a page that says "500", or a run over many files that ends at the third.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prongsai.errors import ProngsaiError

ROOT = Path(__file__).parents[2]
Seeds = Callable[[], list[bytes]]


@dataclass(frozen=True)
class Target:
    """``modules``: dotted, below ``prongsai``, whose reading this drives; a test sees that the seeds get there.

    ``refuses``: the exceptions that are an answer. ``slow``: takes milliseconds a call, so it is tried less often.
    """

    run: Callable[[bytes], object]
    modules: tuple[str, ...]
    seeds: Seeds
    refuses: tuple[type[BaseException], ...] = (ProngsaiError,)
    slow: bool = False
    words: tuple[str, ...] = ()

    def holds(self, data: bytes) -> None:
        """Run it; returns where the bytes were read or refused, raises what nobody expects."""
        try:
            self.run(data)
        except self.refuses:
            return


@contextmanager
def as_file(data: bytes, name: str) -> Iterator[Path]:
    """The bytes in a file of this name, for readers that open files."""
    with tempfile.TemporaryDirectory(prefix="prongsai-fuzz-", dir=_memory()) as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


@cache
def _memory() -> str | None:
    """A folder in memory, where there is one: a fuzzer writes thousands of files a second."""
    place = "/dev/shm"  # noqa: S108 - a folder of a random name is made in it
    return place if Path(place).is_dir() else None


def text(data: bytes) -> str:
    """The bytes as a text of a form or a file: UTF-8, broken places replaced."""
    return data.decode("utf-8", "replace")


def texts(*samples: str) -> Seeds:
    """Samples given as text."""
    return lambda: [sample.encode() for sample in samples]


def files(*patterns: str, most: int = 20_000) -> Seeds:
    """Samples from the repository; a long one is cut after a line, for a fuzzer learns more from many short tries."""

    def cut(data: bytes) -> bytes:
        return data if len(data) <= most else data[: data.rfind(b"\n", 0, most) + 1]

    return lambda: [cut(path.read_bytes()) for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def part_of(package: Callable[[], bytes], name: str) -> tuple[Callable[[bytes], bytes], Seeds]:
    """A way to put other bytes in the place of one part of a ZIP, and that part as a sample.

    A changed byte of a packed file is caught by its checksum before any of our code sees it: so the fuzzer changes
    what is inside, and the package is whole.
    """

    @cache
    def parts() -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(package())) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}

    return lambda data: packed({**parts(), name: data}), lambda: [parts()[name]]


def place_of(error: BaseException) -> str:
    """Kind of an exception and the deepest line of our own code: two crashes of one place are one."""
    place, step = "?", error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if match := re.search(r"prongsai/(.+)\.py$", file):
            place = f"{match[1]}:{step.tb_lineno}"
        step = step.tb_next
    return f"{type(error).__name__} at {place}"
