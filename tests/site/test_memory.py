"""Memory goes back to the system while a process goes on (the hour of ``make soak`` shows it on the whole site)."""

from __future__ import annotations

import subprocess
import sys

import pytest

_FREED = """
import time
from prongsai.site.base.memory import give_back, keep_together

def mb():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

keep_together()
before = mb()
held = [bytes(5000) for _ in range(40_000)]
held = held[::400]  # a little that stays, all over what is free
print(mb() - before > 100)
give_back(every=0.01)
end = time.monotonic() + 20
while mb() - before > 20 and time.monotonic() < end:
    time.sleep(0.01)
print(mb() - before <= 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_what_is_free_between_what_stays_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", _FREED], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["True", "True"]
