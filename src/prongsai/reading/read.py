"""From a file to readings: opened, refused if it is another scheme's, split by agency and year, then collected."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType

from prongsai.reading import collect
from prongsai.reading.formats.open import open_source
from prongsai.reading.model import Reading
from prongsai.reading.schemes import refuse_other_scheme
from prongsai.reading.source import Source
from prongsai.reading.split import merge, split


@cache
def collectors() -> tuple[ModuleType, ...]:
    """All collectors in the order in which they run. A new collector is a new file, nothing else."""
    found = [
        importlib.import_module(f"{collect.__name__}.{module.name}")
        for module in pkgutil.iter_modules(collect.__path__)
        if not module.name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda module: (module.ORDER, module.__name__)))


def read_file(path: Path) -> list[Reading]:
    """All that a published file says: one reading for each agency and fiscal year in it, the main one first.

    Raises ``InputError`` for a file that cannot be opened and, by name, for a report of another scheme.
    """
    return read_source(open_source(path))


def read_source(source: Source) -> list[Reading]:
    """As ``read_file``, from a source already opened."""
    refuse_other_scheme(source)
    found = split(source)
    for reading in [*([found.main] if found.main else []), *found.others]:
        for collector in collectors():
            collector.collect(reading)
    return merge(found)
