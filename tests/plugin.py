"""Starts the real parts once a test session, before Django reads its settings.

Loaded by `-p tests.plugin`. The controller starts PostgreSQL, Redis and S3; every xdist worker has its own database,
buckets and Redis databases in them, and its own payment sandbox. RabbitMQ starts when a test asks for it.
"""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from marketplace.house import parts
from marketplace.house.environment import Keys, house_environment
from marketplace.house.ports import free_port
from marketplace.house.supervisor import Supervisor
from tests import template
from tests.servers import Server

HOUSE = "ATELIER_TEST_HOUSE"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
MOST_WORKERS = 7  # Redis has 16 databases, two a worker
NO_RABBITMQ = "Debian's rabbitmq-server is not installed"
ROOT = Path(__file__).resolve().parent.parent


def _lane() -> tuple[str, int]:
    name = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return name, 0 if name == "main" else int(name.removeprefix("gw")) + 1


def _start_house() -> None:
    home = Path(tempfile.mkdtemp(prefix="atelier-test-"))
    home.chmod(0o755)
    supervisor = Supervisor(logs=home / "log")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(supervisor.stop)
    keys = Keys.remembered(home / "keys.json")
    ports = {name: free_port() for name in ("redis", "s3")}
    lanes = ["main", *(f"gw{n}" for n in range(MOST_WORKERS))]
    postgres = parts.postgres(home / "postgres", durable=False)
    supervisor.start(postgres)
    supervisor.start(parts.redis_server(home / "redis", ports["redis"]))
    store_keys = {"access_key": keys.s3_access_key, "secret_key": keys.s3_secret_key}
    buckets = [f"test-{lane}-public" for lane in lanes]
    supervisor.start(parts.object_store(home / "s3", ports["s3"], **store_keys, public_buckets=buckets))
    parts.ensure_database(home / "postgres", "atelier")
    template.furnish(home / "postgres", programs=Path(postgres.argv[0]).parent)
    os.environ[HOUSE] = json.dumps({"home": str(home), "ports": ports, "keys": asdict(keys)})


def _enter_house() -> None:
    house = json.loads(os.environ[HOUSE])
    home, keys, (lane, number) = Path(house["home"]), Keys(**house["keys"]), _lane()
    ports = house["ports"] | {"sandbox": free_port(), "web": free_port()}
    environment = house_environment(
        home=home / lane, ports=ports, keys=keys, redis_databases=(2 * number, 2 * number + 1)
    )
    (home / lane / "static").mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(logs=home / "log" / lane)
    atexit.register(supervisor.stop)
    supervisor.start(
        parts.payment_sandbox(
            home / lane / "sandbox.sqlite",
            ports["sandbox"],
            api_key=keys.stripe_api_key,
            publishable_key=keys.stripe_publishable_key,
            webhook_url=None,  # tests deliver events themselves: a live server of another test must not hear of these
            webhook_secret=keys.stripe_webhook_secret,
        )
    )
    os.environ.update(environment)
    os.environ["ATELIER_TEST_LANE"] = json.dumps(sorted(environment))
    os.environ["DATABASE_URL"] = parts.postgres_url(home / "postgres", "atelier")
    os.environ["S3_PRIVATE_BUCKET"], os.environ["S3_PUBLIC_BUCKET"] = f"test-{lane}-private", f"test-{lane}-public"
    os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = f"127.0.0.1:{ports['web']}"
    os.environ["LOG_LEVEL"] = "WARNING"
    toys = [f"tests.generation.toy:{name}" for name in ("TOY", "TOY_FILM", "NOOP", "TOY_TRAINING", "TOY_MODEL")]
    os.environ["EXTRA_ENGINES"] = json.dumps([*toys, "tests.generation.learning.toy_search:BOWL"])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """The house stands before pytest-django loads the settings: a wrapper runs first.

    Each process computes on one thread unless told otherwise: those of two workers and their studios would wait for
    each other, spinning, on every small tensor.
    """
    os.environ |= ONE_THREAD | os.environ
    if not any(flag in early_config.invocation_params.args for flag in ("--help", "--version")):
        if HOUSE not in os.environ:
            _start_house()
        _enter_house()
    return (yield)


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """RabbitMQ with the settings of production; tests that ask for it are skipped where it is not installed."""
    if not parts.RABBITMQ.exists():
        pytest.skip(NO_RABBITMQ)
    settings = (ROOT / "docker" / "rabbitmq.conf").read_text()
    data, port = tmp_path_factory.mktemp("rabbitmq"), free_port()
    part = parts.rabbitmq_server(data, port, settings=f"{settings}\ndisk_free_limit.absolute = 50MB")
    with Server.running(part, f"amqp://guest:guest@127.0.0.1:{port}/", logs=data) as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq_url(rabbitmq: Server) -> str:
    """Where RabbitMQ is."""
    return rabbitmq.url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Whoever runs everything (`.ci/run`) is told in large letters that half of the brokers was not tried."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CI") and any(NO_RABBITMQ in str(report.longrepr) for report in skipped):
        terminalreporter.section("NOT TRIED ON RABBITMQ", red=True, bold=True)
        terminalreporter.line(f"{NO_RABBITMQ}, and could not be: what concerns it was skipped.")
