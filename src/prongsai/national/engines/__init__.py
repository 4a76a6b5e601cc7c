"""Engines that count a nation's sheets: one file each, all with the same integers as result."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from prongsai.errors import InputError
from prongsai.national.counted import Counted, Integers, changed
from prongsai.national.nation import Nation, Survey

NAMES = ("polars", "duckdb", "postgres", "spark")


class Engine(Protocol):
    """Counts one survey. ``close`` gives back what the engine holds (connection, cluster session)."""

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """Sheets, tallies and (if asked) moments of every agency. Raises ``InputError`` where the engine is away."""

    def close(self) -> None:
        """End the engine's connection."""


def engine(name: str, address: str | None = None) -> Engine:
    """The engine of a name. ``address``: a PostgreSQL or Spark master URL, for engines that need one.

    Each engine is one module with ``open_engine``; its library is loaded only then.
    """
    opened: Engine = import_module(f"prongsai.national.engines.{name}").open_engine(address)
    return opened


def count(nation: Nation, engine: Engine, *, moments: bool = False) -> dict[str, Counted]:
    """Count every survey of a nation, by container: all of its sheets, or ``InputError``."""
    found: dict[str, Counted] = {}
    for name, survey in nation.surveys.items():
        one = engine.count(survey, nation.numbers, moments=moments)
        sheets = int(one.sheets.sum())
        if survey.between is None and sheets != survey.sheets:
            raise InputError(changed(f"{name} had {survey.sheets} sheets, {sheets} were counted"))
        found[name] = one
    return found
