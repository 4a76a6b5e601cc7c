"""One target under atheris, or again on files that crashed it: what ``make fuzz`` starts, one process a target.

    .venv/bin/python tests/fuzz/run.py NAME SECONDS     fuzz; the result stands in build/fuzz/NAME.json
    .venv/bin/python tests/fuzz/run.py NAME FILE …      run it on these files again; the traceback is shown

The fuzzer goes on after a crash, so that one does not hide the next; two crashes of one place in the code are one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUT = ROOT / "build" / "fuzz"
EMPTY = OUT / "empty.sqlite3"
PATIENCE = 20  # seconds for one input: more is a finding
MEMORY = 3000  # MB
LONGEST = 8000  # bytes of an input
# All of the site takes minutes to be made ready for the fuzzer: of it only what its targets read with.
_ROOMS = "files exchange api ask base.fields fieldwork.sync operation.backup portal.search rounds.names surveys.forms"
OF_THE_SITE = ("prongsai.thai", "prongsai.survey", *(f"prongsai.site.{room}" for room in _ROOMS.split()))
sys.path[:0] = [str(ROOT / "tests" / "fuzz"), str(ROOT / "tests")]


def main() -> None:
    """See above."""
    name, *rest = sys.argv[1:]
    warnings.simplefilter("ignore")  # libraries warn of what a fuzzer does all day
    with tempfile.TemporaryDirectory(prefix="prongsai-fuzz-site-") as folder:
        os.environ["PRONGSAI_DATA"] = folder
        if EMPTY.exists():
            shutil.copy(EMPTY, Path(folder) / EMPTY.name)
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/{EMPTY.name}"
        if rest and not rest[0].isdigit():
            again(name, [Path(file) for file in rest])
        else:
            fuzz(name, int(rest[0]))


def again(name: str, paths: list[Path]) -> None:
    """Each file once, without the fuzzer; an exception that nobody expects ends it."""
    from every_target import target

    for path in paths:
        target(name).holds(path.read_bytes())
        sys.stdout.write(f"{path}: held\n")


def fuzz(name: str, seconds: int) -> None:
    """As long as asked; ``Tries.tell`` keeps the result."""
    import atheris
    import every_target

    watched = OF_THE_SITE if every_target.is_of_the_site(name) else ("prongsai",)
    with atheris.instrument_imports(include=list(watched), enable_loader_override=False):
        target = every_target.target(name)
        for seed in (seeds := target.seeds()):
            target.holds(seed)  # whatever is imported only now has to be watched by the fuzzer, too
    corpus = OUT / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    words = corpus.with_name(f"{name}.words")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in (*target.words, "ก", "๑")), encoding="ascii")
    tries = Tries(name, target.holds)
    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-max_total_time={seconds}", f"-timeout={PATIENCE}", f"-rss_limit_mb={MEMORY}",
            f"-max_len={LONGEST}", f"-dict={words}", f"-artifact_prefix={OUT}/{name}-", "-verbosity=0",
        ],
        tries.one,
    )  # fmt: skip
    tries.until = time.monotonic() + seconds
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


class Tries:
    """Counts what was tried and keeps the first input of every crash."""

    def __init__(self, name: str, holds: object) -> None:
        self.name, self.holds = name, holds
        self.count, self.places, self.slowest = 0, {}, 0.0  # type: ignore[var-annotated]
        self.began = time.monotonic()
        self.until = self.began
        self.told_at = 0.0

    def one(self, data: bytes) -> None:
        """One input; called by the fuzzer."""
        from fuzz_target import place_of

        start = time.monotonic()
        try:
            self.holds(data)  # type: ignore[operator]
        except Exception as error:
            place = place_of(error)
            if place not in self.places:
                file = OUT / f"{self.name}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
                file.write_bytes(data)
                self.places[place] = str(file.relative_to(ROOT))
        self.count += 1
        now = time.monotonic()
        self.slowest = max(self.slowest, now - start)
        if now - self.told_at > 1 or now > self.until - 1:
            self.told_at = now
            self.tell(now)

    def tell(self, now: float) -> None:
        """The result so far, kept in a file: the fuzzer ends its process without coming back here."""
        told = {
            "executions": self.count, "seconds": round(now - self.began, 1), "slowest": round(self.slowest, 2),
            "crashes": self.places,
        }  # fmt: skip
        beside = OUT / f"{self.name}.json.part"
        beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        beside.replace(OUT / f"{self.name}.json")


if __name__ == "__main__":
    main()
