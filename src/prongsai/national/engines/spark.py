"""Apache Spark: the relational definition on a cluster, over Parquet files that all workers reach."""

from __future__ import annotations

from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from prongsai.errors import InputError, Problem
from prongsai.national.counted import Counted, Integers
from prongsai.national.engines import sql
from prongsai.national.nation import Survey


def open_engine(address: str | None = None) -> SparkEngine:
    """A session on a master (``spark://host:port``; without an address on this machine alone)."""
    return SparkEngine(address)


class SparkEngine:
    """Counts on a cluster; only one line per agency comes back to this machine."""

    def __init__(self, address: str | None) -> None:
        builder: Any = SparkSession.builder
        settings = {
            "spark.ui.enabled": "false",
            # Hundreds of sums in one statement would be compiled into methods too long for the virtual machine.
            "spark.sql.codegen.wholeStage": "false",
            # Fewer groups than agencies come out of each partition; a handful of them is enough.
            "spark.sql.shuffle.partitions": "8",
        }
        builder = builder.appName("prongsai national").master(address or "local[*]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        try:
            self.session = builder.getOrCreate()
        except Exception as error:  # the Java side and the Python side have errors of their own
            raise InputError(_away(error)) from error

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``."""
        try:
            files = self.session.read.parquet(*(str(path.resolve()) for path in survey.files))
            files.createOrReplaceTempView(sql.TABLE)
            return sql.run_count(self._run, "spark", survey.layout, agencies, moments=moments)
        except (PySparkException, ConnectionError, OSError) as error:
            raise InputError(_away(error)) from error
        except Exception as error:
            if type(error).__module__.startswith("py4j"):  # the cluster went away in the middle
                raise InputError(_away(error)) from error
            raise

    def _run(self, statement: str) -> list[Any]:
        lines: list[Any] = self.session.sql(statement).collect()
        return lines

    def close(self) -> None:
        """Stop the session; the cluster stays."""
        self.session.stop()


def _away(error: Exception) -> Problem:
    return Problem(
        "national.engine_away",
        "--engine spark",
        "ติดต่อคลัสเตอร์ Spark ไม่ได้ หรือคลัสเตอร์หยุดระหว่างนับ",
        f"Spark: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
        "โปรดตรวจสอบ --address และคลัสเตอร์ แล้วสั่งใหม่ ยังไม่ได้เขียนไฟล์ใด",
    )
