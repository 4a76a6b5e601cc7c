"""Spark as it is used: a standalone cluster of a master and two workers, of which one is killed while it counts."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nation_sample import assert_same, odd_nation, partition

from needs import missing
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation

SCRIPT = Path(__file__).parent / "count_on.py"
AGENCIES = 500


class Cluster:
    """A master and two workers on loopback, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"spark://127.0.0.1:{port}"
        deploy = "org.apache.spark.deploy"
        self._start(
            "master", f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"
        )
        self.workers = [
            self._start(
                f"worker{n}", f"{deploy}.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1",
                "--memory", "1g", "--work-dir", str(folder / f"work{n}"), self.address,
            )
            for n in (1, 2)
        ]  # fmt: skip
        self._await("master", "Registering worker", 2)

    def _start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        found = importlib.util.find_spec("pyspark")
        assert found
        assert found.origin
        spark = Path(found.origin).parent
        log = (self.folder / f"{name}.log").open("wb")
        env = {**os.environ, "SPARK_HOME": str(spark), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        process = subprocess.Popen(
            [spark / "bin" / "spark-class", *command], stdout=log, stderr=log, env=env, start_new_session=True
        )
        self.processes.append(process)
        return process

    def _await(self, name: str, words: str, times: int) -> None:
        for _ in range(600):
            if (self.folder / f"{name}.log").read_text(errors="replace").count(words) >= times:
                return
            time.sleep(0.1)
        pytest.fail((self.folder / f"{name}.log").read_text(errors="replace")[-2000:])

    def count(self, nation: Path, out: Path) -> subprocess.Popen[str]:
        """A driver of its own, as on a real cluster."""
        env = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        command = [sys.executable, SCRIPT, nation, "spark", self.address, out]
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    @staticmethod
    def die(process: subprocess.Popen[bytes]) -> None:
        """As when its machine goes: with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def stop(self) -> None:
        for process in reversed(self.processes):
            self.die(process)
        for process in self.processes:
            process.wait(30)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if not os.environ.get("PRONGSAI_FULL"):
        pytest.skip("a Spark cluster takes minutes: make test-full (PRONGSAI_FULL=1)")
    if importlib.util.find_spec("pyspark") is None:
        missing("pyspark is not installed (pip install 'prongsai[spark]')")
    if shutil.which("java") is None:
        missing("Java is not installed (Debian: openjdk-17-jre-headless)")
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = odd_nation(tmp_path_factory.mktemp("nation") / "odd", AGENCIES)
    partition(folder, 6)
    return folder


def test_a_cluster_counts_the_same_though_a_worker_dies(cluster: Cluster, nation: Path, tmp_path: Path) -> None:
    out = tmp_path / "spark.npz"
    driver = cluster.count(nation, out)
    cluster._await("master", "Launching executor", 2)
    time.sleep(4)
    assert driver.poll() is None, "the driver was done before a worker could be killed"
    cluster.die(cluster.workers[0])
    said, _ = driver.communicate(timeout=400)
    assert driver.returncode == 0, said[-3000:]
    assert_same(out, count(open_nation(nation), engine("polars"), moments=True))


def national(cluster: Cluster, nation: Path, out: Path, patience: float) -> subprocess.Popen[str]:
    """The command itself, in a process of its own, more impatient than usual."""
    entry = (
        "import prongsai.national.engines.spark as spark, prongsai.cli.main as cli;"
        f" spark.PATIENCE = {patience}; cli.run()"
    )
    command = [sys.executable, "-c", entry, "national", nation, "-o", out, "--engine", "spark"]
    env = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.Popen(
        [*command, "--address", cluster.address], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def assert_refused(driver: subprocess.Popen[str], folder: Path) -> None:
    out, err = driver.communicate(timeout=400)
    assert driver.returncode == 2, err[-2000:]
    assert "Spark" in err
    assert "ยังไม่ได้เขียนไฟล์ใด" in err
    assert not out
    assert list(folder.iterdir()) == []


def test_a_cluster_that_goes_away_altogether_gives_an_error_and_no_file(
    cluster: Cluster, nation: Path, tmp_path: Path
) -> None:
    """Spark itself would wait for other workers for ever."""
    launched = (cluster.folder / "master.log").read_text(errors="replace").count("Launching executor")
    driver = national(cluster, nation, tmp_path / "out", patience=10)
    cluster._await("master", "Launching executor", launched + 1)
    time.sleep(2)
    assert driver.poll() is None, "the driver was done before the cluster could go away"
    for process in cluster.processes:
        cluster.die(process)
    assert_refused(driver, tmp_path)


def test_a_cluster_that_is_gone_gives_an_error_and_no_file(cluster: Cluster, nation: Path, tmp_path: Path) -> None:
    for process in cluster.processes:
        cluster.die(process)
    assert_refused(national(cluster, nation, tmp_path / "out", patience=10), tmp_path)
