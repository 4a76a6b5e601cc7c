"""DuckDB on the Parquet files themselves: the relational definition, embedded."""

from __future__ import annotations

import duckdb
import numpy as np

from prongsai.national.counted import Counted, Integers, nothing
from prongsai.national.engines import sql
from prongsai.national.nation import Survey


def open_engine(address: str | None = None) -> DuckdbEngine:
    """The engine; it needs no address."""
    del address
    return DuckdbEngine()


class DuckdbEngine:
    """Counts in this process."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``."""
        if not survey.files:
            return nothing(survey.layout, agencies, moments)
        files = self.connection.read_parquet([str(path) for path in survey.files])
        if survey.between:
            files = files.filter(sql.between(survey.between))
        files.create_view(sql.TABLE, replace=True)
        return sql.run_count(self._run, "duckdb", survey.layout, agencies, moments=moments)

    def _run(self, statement: str) -> Integers:
        columns = self.connection.execute(statement).fetchnumpy()
        return np.column_stack([np.asarray(column, np.int64) for column in columns.values()])

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
