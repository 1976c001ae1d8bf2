"""Real parts for a benchmark, started for it alone: PostgreSQL, Redis and S3, and Django on top of them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from marketplace.house import parts
from marketplace.house.environment import Keys, house_environment
from marketplace.house.parts import Part
from marketplace.house.ports import free_port
from marketplace.house.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running_parts(settings: str = "marketplace.settings", **environment: str) -> Iterator[Supervisor]:
    """PostgreSQL (which forgets nothing), Redis and S3 in a folder of their own, with the tables made."""
    home = Path(tempfile.mkdtemp(prefix="atelier-bench-"))
    home.chmod(0o755)
    supervisor = Supervisor(logs=home / "log", say=lambda line: print(line, file=sys.stderr))
    try:
        keys = Keys.remembered(home / "keys.json")
        ports = {name: free_port() for name in ("redis", "s3", "sandbox", "web")}
        supervisor.start(parts.postgres(home / "postgres"))
        supervisor.start(parts.redis_server(home / "redis", ports["redis"]))
        store_keys = {"access_key": keys.s3_access_key, "secret_key": keys.s3_secret_key}
        supervisor.start(parts.object_store(home / "s3", ports["s3"], **store_keys, public_buckets=["atelier-public"]))
        parts.ensure_database(home / "postgres", "atelier")
        os.environ |= house_environment(home=home, ports=ports, keys=keys)
        os.environ |= {"DATABASE_URL": parts.postgres_url(home / "postgres", "atelier"), "LOG_LEVEL": "WARNING"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": settings, **environment}
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("ensure_buckets")
        yield supervisor
    finally:
        supervisor.stop()
        shutil.rmtree(home, ignore_errors=True)


def dramatiq_worker(name: str, module: str, queues: list[str], *, processes: int, threads: int) -> Part:
    """Workers by Dramatiq's own command."""
    argv = [sys.executable, "-m", "dramatiq", module, "--processes", str(processes), "--threads", str(threads)]
    return Part(name, [*argv, "--queues", *queues], lambda: True, environment={"PYTHONPATH": str(ROOT)})


@contextmanager
def running(supervisor: Supervisor, *wanted: Part) -> Iterator[None]:
    """Processes for a while."""
    started = [supervisor.start(part) for part in wanted]
    try:
        yield
    finally:
        for child in started:
            child.process.terminate()
        for child in started:
            try:
                child.process.wait(20)
            except subprocess.TimeoutExpired:
                child.process.kill()
            supervisor.children.remove(child)


def manage(name: str, command: str, environment: Mapping[str, str] | None = None) -> Part:
    """One of the house's own commands as a process."""
    return Part(name, [sys.executable, "manage.py", command], lambda: True, environment=dict(environment or {}))
