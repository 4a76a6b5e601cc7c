"""File formats of open data: one module each. To add one, add a module with these names; nothing else is edited.

``TITLE_TH``, ``TITLE_EN``, ``MEDIA``; ``write(published, folder) -> list[Path]`` into an empty folder of its own; and
``read(folder, table) -> DataFrame`` where a whole round can be read back from it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from prongsai.errors import InputError, Problem


def names() -> tuple[str, ...]:
    """All formats, sorted, as commands and folders name them."""
    return tuple(sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__)))


def module(name: str) -> ModuleType:
    """A format's module. Raises ``InputError`` that names the formats there are."""
    if name not in names():
        known = ", ".join(names())
        raise InputError(
            Problem(
                "export.format",
                f"--formats {name}",
                f"ไม่มีรูปแบบไฟล์ “{name}”",
                f"no format {name!r}; there are {known}",
                f"โปรดเลือกจาก {known}",
            )
        )
    return import_module(f"{__name__}.{name.replace('-', '_')}")
