"""Apache Spark: the relational definition on a cluster, over Parquet files that all workers reach."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from prongsai.errors import InputError, Problem
from prongsai.national.counted import Counted, Integers, nothing
from prongsai.national.engines import sql
from prongsai.national.nation import Survey

# Seconds without any worker after which a cluster is given up. Spark itself would wait for another one for ever.
PATIENCE = 120.0


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
        self.cluster = (address or "local").partition("[")[0] != "local"
        self.deserted = False

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``."""
        if not survey.files:
            return nothing(survey.layout, agencies, moments)
        try:
            with self._watched():  # already to read what columns the files have is a job
                files = self.session.read.parquet(*(str(path.resolve()) for path in survey.files))
                if survey.between:
                    files = files.where(sql.between(survey.between))
                files.createOrReplaceTempView(sql.TABLE)
                return sql.run_count(self._run, "spark", survey.layout, agencies, moments=moments)
        except (PySparkException, ConnectionError, OSError) as error:
            raise InputError(self._left(error)) from error
        except Exception as error:
            if type(error).__module__.startswith("py4j"):  # the cluster went away in the middle
                raise InputError(self._left(error)) from error
            raise

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Stop the work where the cluster has had no worker for ``PATIENCE`` seconds."""
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,), daemon=True)
        if self.cluster:
            watch.start()
        try:
            yield
        finally:
            done.set()
            if self.cluster:
                watch.join()

    def _watch(self, done: threading.Event) -> None:
        context = self.session.sparkContext
        seen = time.monotonic()
        while not done.wait(min(2.0, PATIENCE / 4)):
            try:
                workers = context._jsc.sc().getExecutorMemoryStatus().size() - 1  # the driver is one of them
            except Exception:  # the driver's own end is told where the lines are waited for
                return
            if workers:
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE:
                self.deserted = True
                context.cancelAllJobs()
                return

    def _left(self, error: Exception) -> Problem:
        return _away(TimeoutError(f"no worker for {PATIENCE:.0f} seconds") if self.deserted else error)

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
