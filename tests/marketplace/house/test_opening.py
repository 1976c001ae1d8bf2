"""What keeps a house from opening is said in one sentence."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.house import __main__ as house
from marketplace.house import install
from marketplace.house.environment import Keys, around_own_servers, house_environment
from marketplace.house.ports import remembered
from marketplace.house.supervisor import CannotStart


def open_house(home: Path, port: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "marketplace.house"],
        env=os.environ | {"ATELIER_HOME": str(home), "PORT": port},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = open_house(tmp_path, port)
    assert done.returncode == 1
    assert done.stderr == f"Atelier cannot start: port {port} is in use; choose another with PORT=8001 make run.\n"


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "PORT must be a number" in open_house(tmp_path, "eighty").stderr


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in open_house(tmp_path / "file" / "home", "8000").stderr


def test_two_houses_never_share_a_folder(tmp_path: Path) -> None:
    with (
        house._only_one(tmp_path),
        pytest.raises(CannotStart, match="another Atelier already runs"),
        house._only_one(tmp_path),
    ):
        raise AssertionError("both hold the folder")


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "ROOM_NEEDED", 10**18)
    with pytest.raises(CannotStart, match="the disk under .* is full"), house._only_one(tmp_path):
        raise AssertionError("there was no room")


def test_a_server_of_ones_own_is_used_instead_of_the_embedded_one(tmp_path: Path) -> None:
    keys = Keys.remembered(tmp_path / "keys.json")
    ports = {"web": 1, "redis": 2, "s3": 3, "sandbox": 4}
    made = house_environment(home=tmp_path, ports=ports, keys=keys)
    assert around_own_servers(made, {})[1] == {"postgres", "redis", "s3", "sandbox"}
    rest, needed = around_own_servers(made, {"BROKER_URL": "amqp://there", "STRIPE_API_KEY": "sk_test_mine"})
    assert needed == {"postgres", "redis", "s3"}  # Redis is still the cache
    assert not {"BROKER_URL", "STRIPE_API_KEY", "STRIPE_API_BASE", "STRIPE_JS_URL"} & set(rest)
    assert rest["CACHE_URL"] == made["CACHE_URL"]


def test_keys_and_ports_are_the_same_at_the_next_start(tmp_path: Path) -> None:
    assert Keys.remembered(tmp_path / "keys.json") == Keys.remembered(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    names = ["redis", "s3"]
    assert remembered(tmp_path / "ports.json", names) == remembered(tmp_path / "ports.json", names)


@pytest.mark.parametrize(
    ("attribute", "value", "sentence"),
    [("LEAST_PYTHON", (99, 0), "Python 3.11 or later is needed"), ("ROOM_NEEDED", 10**18, "GB are needed")],
)
def test_what_keeps_the_install_from_starting_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attribute: str, value: object, sentence: str
) -> None:
    monkeypatch.setattr(install, attribute, value)
    with pytest.raises(SystemExit, match=sentence):
        install.main(str(tmp_path / "venv"), "lock.txt")
