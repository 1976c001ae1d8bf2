"""A whole house of its own for the journeys: the same processes that `make run` starts, on free ports."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import httpx
import psycopg
import pytest

from marketplace.house.parts import postgres_url
from marketplace.house.ports import free_port

Seen = TypeVar("Seen")
ROOT = Path(__file__).parent.parent.parent
# What the tests' own lane of the house is told; a journey's house chooses all that for itself.
LANE = {*json.loads(os.environ.get("ATELIER_TEST_LANE", "{}")), "S3_PRIVATE_BUCKET", "S3_PUBLIC_BUCKET", "LOG_LEVEL"}


@dataclass
class House:
    """A running marketplace: its address, its data folder, and its process."""

    home: Path
    url: str
    process: "subprocess.Popen[str]"
    open_clients: ExitStack = field(default_factory=ExitStack)

    @property
    def password(self) -> str:
        return str(json.loads((self.home / "keys.json").read_text())["demo_password"])

    @cached_property
    def sandbox(self) -> httpx.Client:
        """The payment sandbox, as the house itself is known there."""
        keys, ports = (json.loads((self.home / name).read_text()) for name in ("keys.json", "ports.json"))
        headers = {"Authorization": f"Bearer {keys['stripe_api_key']}"}
        client = httpx.Client(base_url=f"http://127.0.0.1:{ports['sandbox']}", headers=headers, timeout=10)
        return self.open_clients.enter_context(client)

    def client(self, who: str) -> httpx.Client:
        """An API client with a token of the demo account `who`."""
        anonymous = self.open_clients.enter_context(httpx.Client(base_url=f"{self.url}/api/v1", timeout=30))
        answer = anonymous.post("/auth/token/", json={"email": f"{who}@demo.test", "password": self.password})
        answer.raise_for_status()
        anonymous.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return anonymous

    def query(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """Look into the house's own database."""
        with psycopg.connect(postgres_url(self.home / "postgres", "atelier"), autocommit=True) as connection:
            return connection.execute(sql.encode(), parameters).fetchall()

    def pid_of(self, name: str) -> int:
        """The process of one of the house's workers, by the end of its command line."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid), "-f", name], capture_output=True, text=True)
        return int(found.stdout.split()[0])


def open_house(home: Path, *, port: int | None = None, furnished: bool = True) -> House:
    """Start a house and wait until it says that it is open."""
    port = port or free_port()
    environment = {name: value for name, value in os.environ.items() if name not in LANE}
    environment |= {"ATELIER_HOME": str(home), "PORT": str(port), "LEASE_SECONDS": "6"}
    # The first model would be trained for minutes, in which journeys would wait for each other's painters.
    environment["ATELIER_BARE_WALLS"] = "models" if furnished else "all"
    process = subprocess.Popen(
        [sys.executable, "-m", "marketplace.house"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if "Atelier is open" in line:
            return House(home=home, url=f"http://127.0.0.1:{port}", process=process)
    raise AssertionError("the house did not open:\n" + "".join(said))


def close_house(house: House) -> None:
    """Ctrl-C, and wait."""
    house.open_clients.close()
    house.process.send_signal(signal.SIGINT)
    house.process.communicate(timeout=180)


def eventually(look: Callable[[], Seen | None], *, within: float = 90.0) -> Seen:
    """Look until there is something to see."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if (seen := look()) is not None:
            return seen
        time.sleep(0.1)
    raise AssertionError("it did not come about in time")


@pytest.fixture(scope="package")
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """One furnished house for all journeys, closed after the last; what it leaves is kept where a journey failed."""
    # Not under pytest's own folder: every session closes that to others, and as root PostgreSQL is another user.
    home = Path(tempfile.mkdtemp(prefix="atelier-journeys-"))
    home.chmod(0o755)
    opened = open_house(home)
    yield opened
    close_house(opened)
    if not request.session.testsfailed:
        shutil.rmtree(home)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser, a dozen processes and two cores: a journey through pages that fails once is walked once more."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
