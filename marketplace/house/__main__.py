"""`python -m marketplace.house`: brings up the whole marketplace and keeps it up until Ctrl-C."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from marketplace.house import parts, processes
from marketplace.house.environment import Keys, around_own_servers, house_environment
from marketplace.house.parts import Part
from marketplace.house.ports import is_free, remembered
from marketplace.house.supervisor import CannotStart, Supervisor

ROOM_NEEDED = 500_000_000  # bytes: a first start writes about a tenth of this
BARE = "ATELIER_BARE_WALLS"  # for tests: "models" trains no first model, anything else hangs no works either
PART_NAMES = ["redis", "s3", "sandbox"]


def main() -> int:
    """Run the house; the exit status is 1 when it cannot start, with one sentence that says why."""
    home = Path(os.environ.get("ATELIER_HOME") or "var").resolve()
    port = os.environ.get("PORT") or "8000"
    supervisor = Supervisor(logs=home / "log", say=lambda line: print(line, flush=True))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        with _only_one(home):
            _open(supervisor, home, _port_number(port))
            while True:
                supervisor.watch(3600)
    except CannotStart as reason:
        print(f"Atelier cannot start: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nClosing the house ...", flush=True)
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _port_number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    if not is_free(int(text)):
        raise CannotStart(f"port {text} is in use; choose another with PORT=8001 make run.")
    return int(text)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two houses never share one data folder. Raises CannotStart."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("a")
    except OSError as error:
        reason = f"the data folder {home} cannot be written ({error.strerror}); choose one with ATELIER_HOME."
        raise CannotStart(reason) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            reason = f"another Atelier already runs on {home}; stop it first, or choose a folder with ATELIER_HOME."
            raise CannotStart(reason) from error
        free = shutil.disk_usage(home).free
        if free < ROOM_NEEDED:
            sizes = f"{free // 1_000_000} MB are free, {ROOM_NEEDED // 1_000_000} are needed"
            raise CannotStart(f"the disk under {home} is full: {sizes}.")
        yield


def _open(supervisor: Supervisor, home: Path, port: int) -> None:
    began = time.monotonic()
    keys = Keys.remembered(home / "keys.json")
    ports = remembered(home / "ports.json", PART_NAMES) | {"web": port}
    environment, needed = around_own_servers(house_environment(home=home, ports=ports, keys=keys), os.environ)
    os.environ.update(environment)
    for name, make in _parts(home, ports, keys).items():
        if name in needed:
            supervisor.start(make())
    if "postgres" in needed:
        parts.ensure_database(home / "postgres", "atelier")
    for command in (["migrate", "--no-input"], ["ensure_buckets"], ["collectstatic", "--no-input"]):
        _manage(home, *command)
    for part in (processes.web(port), *processes.couriers(), *processes.workers()):
        supervisor.start(part)
    supervisor.say(f"The house stands after {time.monotonic() - began:.1f} s: http://127.0.0.1:{port}")
    _manage(home, "make_demo_accounts", "--password", keys.demo_password)
    bare = os.environ.get(BARE, "")
    if bare in {"", "models"}:
        _furnish(supervisor, home)
    supervisor.say(_welcome(port, keys, home))
    if not bare:
        supervisor.start(processes.furnishing_of_models())


def _parts(home: Path, ports: dict[str, int], keys: Keys) -> dict[str, Callable[[], Part]]:
    """How to make each part, in the order in which they are started."""
    return {
        "postgres": lambda: parts.postgres(home / "postgres"),
        "redis": lambda: parts.redis_server(home / "redis", ports["redis"]),
        "s3": lambda: parts.object_store(
            home / "s3",
            ports["s3"],
            access_key=keys.s3_access_key,
            secret_key=keys.s3_secret_key,
            public_buckets=["atelier-public"],
        ),
        "sandbox": lambda: parts.payment_sandbox(
            home / "sandbox.sqlite",
            ports["sandbox"],
            api_key=keys.stripe_api_key,
            publishable_key=keys.stripe_publishable_key,
            webhook_url=f"http://127.0.0.1:{ports['web']}/api/v1/webhooks/stripe/",
            webhook_secret=keys.stripe_webhook_secret,
        ),
    }


def _manage(home: Path, *command: str) -> None:
    with (home / "log" / "manage.log").open("ab") as log:
        done = subprocess.run([sys.executable, "manage.py", *command], stdout=log, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise CannotStart(f"`manage.py {command[0]}` failed; see {home / 'log' / 'manage.log'}.")


def _furnish(supervisor: Supervisor, home: Path) -> None:
    """Have the first works painted and hung; a no-op when the walls are full. The web is open meanwhile."""
    quiet = os.environ | {"LOG_LEVEL": "WARNING"}  # its progress is what a person wants to read
    furnisher = subprocess.Popen([sys.executable, "manage.py", "furnish"], stdin=subprocess.DEVNULL, env=quiet)
    try:
        while furnisher.poll() is None:
            supervisor.watch(0.2)
    finally:
        furnisher.kill()
        furnisher.wait()
    if furnisher.returncode:
        supervisor.say(f"The walls could not be filled; see {home / 'log'}.")


def _welcome(port: int, keys: Keys, home: Path) -> str:
    return "\n".join(
        (
            "",
            f"  Atelier is open:  http://127.0.0.1:{port}",
            f"  The API:          http://127.0.0.1:{port}/api/v1/docs/",
            f"  Curators' door:   http://127.0.0.1:{port}/admin/",
            "",
            "  Demo accounts:    collector@demo.test, artist@demo.test, ink@demo.test, curator@demo.test",
            f"  Their password:   {keys.demo_password}",
            "  Test card:        4242 4242 4242 4242, any later date, any code",
            "",
            f"  Data and logs:    {home}",
            "  Stop with Ctrl-C. The next start finds everything again.",
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
