"""``prongsai oit check --preserve`` ended by kill -9 again and again: nothing is lost, nothing done twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from evidence_world import FILLER, World, page

from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.run import _IN_HAND

PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from evidence_world import QUICK, open_network
from prongsai.cli import oit
from prongsai.cli.main import main
from prongsai.evidence.fetch import Fetcher
oit.Fetcher = lambda: Fetcher(QUICK, open_network())
sys.exit(main(sys.argv[1:]))
"""


def slowly(world: World, path: str, gates: list[threading.Event] | None = None) -> None:
    world.serve(path, page(FILLER + path))
    answer = world.answers[path]

    def late(handler) -> None:
        if gates:
            gates[-1].wait(60)
        time.sleep(0.08)
        answer(handler)

    world.answers[path] = late


def children(pid: int) -> list[int]:
    """Asked of every process who its parent is: the kernel's own list of children may leave some out while they run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # it ended meanwhile
            if f"\nPPid:\t{pid}\n" in status.read_text():
                found.append(int(status.parent.name))
    return found


def gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def test_killed_in_the_middle(world: World, tmp_path: Path) -> None:
    rows, gates = [], [threading.Event()]
    for number in range(60):
        path = f"/page/{number}"
        # The last ones are not answered before it was killed, so that it is never at its end before we look.
        slowly(world, path, gates if number >= 48 else None)
        rows.append(f"o{number % 20 + 1},{world.url(path, f'h{number % 12}.example.test')},,")
    table, kept, folder = tmp_path / "links.csv", tmp_path / "kept.jsonl", tmp_path / "copies"
    table.write_text("item,url,effective date,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, "oit", "check", str(table), "--fiscal-year", "2569"]
    command += ["--preserve", str(folder), "--resume", str(kept), "--json"]

    def asked() -> Counter[str]:
        return Counter(f"http://{host}:{world.port}{path}" for host, path in list(world.asked))

    urls, copies = [row.split(",")[1] for row in rows], Copies(folder)
    done: dict[str, int] = {}
    for so_many in (8, 20, 36):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while sum(bool(copies.names_of(url)) for url in urls) < so_many:
            assert process.poll() is None
            time.sleep(0.005)
        while not (readers := children(process.pid)):  # the first copies are kept before the first body is read
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        gates[-1].set()
        deadline = time.monotonic() + 5
        while (world.busy or not all(map(gone, readers))) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert all(map(gone, readers))  # the process that reads bodies ends with the one that started it
        gates.append(threading.Event())
        now = asked()
        assert {url: now[url] for url in done} == done  # what was kept before is not fetched again
        done = {url: now[url] for url in urls if copies.names_of(url)}
        assert so_many <= len(done) < len(urls)
    gates[-1].set()
    final = subprocess.run(command, check=False, capture_output=True, timeout=60)
    links = json.loads(final.stdout)["links"]
    assert [link["url"] for link in links] == urls
    assert {link["status"] for link in links} == {200}
    after = asked()
    assert {url: after[url] for url in done} == done
    assert sum(after.values()) <= len(urls) + 3 * _IN_HAND  # only what was in hand
    for link in links:
        assert copies.names_of(link["url"]) == [link["copy"]]  # one copy of each, and it verifies
        manifest = copies.manifest(link["copy"])
        assert copies.body(manifest) == page(FILLER + "/page/" + link["url"].rsplit("/", 1)[1])
        assert manifest.sha256 == link["sha256"]


def test_a_copy_whose_result_was_not_written_yet_is_not_fetched_again(world: World, tmp_path: Path) -> None:
    """The end comes between copy and result: the copy is looked at."""
    world.serve("/a", page(FILLER))
    table, kept = tmp_path / "links.csv", tmp_path / "kept.jsonl"
    table.write_text(f"item,url\no1,{world.url('/a')}\n", encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, "oit", "check", str(table), "--fiscal-year", "2569", "--json"]
    command += ["--preserve", str(tmp_path / "copies"), "--resume", str(kept)]
    first = json.loads(subprocess.run(command, check=False, capture_output=True, timeout=60).stdout)
    kept.write_bytes(kept.read_bytes().splitlines(keepends=True)[0])
    again = json.loads(subprocess.run(command, check=False, capture_output=True, timeout=60).stdout)
    assert again == first
    assert len(world.asked) == 1
