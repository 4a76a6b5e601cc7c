"""Counts a nation on one engine and keeps the integers: ``python count_on.py FOLDER ENGINE ADDRESS OUT.npz``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation


def main(folder: str, name: str, address: str, out: str) -> None:
    nation = open_nation(Path(folder))
    counting = engine(name, os.environ["DATABASE_URL"] if address == "DATABASE_URL" else address)
    counted = count(nation, counting, moments=True)
    counting.close()
    np.savez(
        out,
        **{
            f"{container}/{field}": getattr(one, field)
            for container, one in counted.items()
            for field in ("agencies", "sheets", "counts", "pairs")
        },
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
