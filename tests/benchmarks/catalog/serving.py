"""Both shops behind the same server: gunicorn's two synchronous workers, as its documentation begins."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from marketplace.house.parts import Part
from marketplace.house.ports import free_port
from tests.benchmarks.catalog import environments
from tests.benchmarks.catalog.cluster import ROOT, Cluster

WORKERS = 2
PATIENCE = 120.0


@contextmanager
def ours(cluster: Cluster, database: str, redis_database: int, more: Mapping[str, str]) -> Iterator[str]:
    """The product on a database; gives its address."""
    port = free_port()
    environment = cluster.environment(database, redis_database=redis_database)
    environment |= {"PUBLIC_URL": f"http://127.0.0.1:{port}", **more}
    environment["PYTHONPATH"] = f"{ROOT}:{environments.gunicorn()}"
    with _serving(
        cluster, f"ours-{database}", sys.executable, "marketplace.wsgi", port, environment, "/healthz"
    ) as url:
        yield url


@contextmanager
def oscar(cluster: Cluster, database: str, redis_database: int) -> Iterator[str]:
    """Oscar on a database; gives its address."""
    port, python = free_port(), str(environments.oscar())
    environment = oscar_environment(cluster, database, redis_database)
    module = "tests.benchmarks.catalog.oscar.wsgi"
    with _serving(cluster, database, python, module, port, environment, "/api/products/?limit=1") as url:
        yield url


def oscar_environment(cluster: Cluster, database: str, redis_database: int) -> dict[str, str]:
    """What its settings need."""
    return {
        "DATABASE_URL": cluster.address(database),
        "CACHE_URL": f"redis://127.0.0.1:{cluster.ports['redis']}/{redis_database}",
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.catalog.oscar.settings",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def _serving(
    cluster: Cluster, name: str, python: str, module: str, port: int, environment: Mapping[str, str], probe: str
) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    argv = [python, "-m", "gunicorn", f"{module}:application", "--bind", f"127.0.0.1:{port}", "--chdir", str(ROOT)]
    argv += ["--workers", str(WORKERS), "--worker-class", "sync", "--log-level", "warning"]

    def answers() -> bool:
        with urllib.request.urlopen(url + probe, timeout=5) as answer:
            return bool(answer.status == 200)

    child = cluster.supervisor.start(Part(name, argv, answers, environment=dict(environment)), patience=PATIENCE)
    try:
        yield url
    finally:
        child.process.terminate()
        try:
            child.process.wait(20)
        except subprocess.TimeoutExpired:
            child.process.kill()
        cluster.supervisor.children.remove(child)


def python_of(interpreter: str | Path, *arguments: str, environment: Mapping[str, str]) -> None:
    """Run a command of one of the shops. Raises CalledProcessError."""
    import os

    subprocess.run(
        [str(interpreter), *arguments], cwd=ROOT, env=os.environ | dict(environment), check=True, stdout=sys.stderr
    )
