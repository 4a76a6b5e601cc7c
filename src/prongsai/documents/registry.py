"""Finds document kinds, layouts and writers: each is one module of its folder, so adding one edits nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Literal

from prongsai.errors import InputError, Problem

Folder = Literal["kinds", "layouts", "writers"]
_NAME_TH = {"kinds": "ชนิดเอกสาร", "layouts": "รูปแบบเอกสาร", "writers": "ชนิดไฟล์"}


def names(folder: Folder) -> list[str]:
    """The modules of a folder that are meant to be chosen (private ones begin with an underscore)."""
    package = importlib.import_module(f"prongsai.documents.{folder}")
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith("_"))


def module(folder: Folder, name: str) -> ModuleType:
    """One module by name. Raises ``InputError`` that lists what there is."""
    known = names(folder)
    if name not in known:
        raise InputError(
            Problem(
                f"documents.{folder}",
                name,
                f"ไม่มี{_NAME_TH[folder]} “{name}”",
                f"no {folder[:-1]} {name!r}; there are {', '.join(known)}",
                f"โปรดเลือกจาก {', '.join(known)}",
            )
        )
    return importlib.import_module(f"prongsai.documents.{folder}.{name}")
