"""Reads docker/: the compose file as Compose would resolve it, and the instructions of the images."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<kind>[?-])(?P<rest>[^}]*))?\}")


def compose() -> dict[str, Any]:
    """The compose file with its anchors merged and its variables as they stand."""
    loaded: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return loaded


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def example() -> dict[str, str]:
    """The variables that docker/example.env sets."""
    lines = (DOCKER / "example.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def offered() -> set[str]:
    """The variables that docker/example.env names, set or only shown."""
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (DOCKER / "example.env").read_text(), re.MULTILINE))


def used_variables() -> set[str]:
    """Every variable that the compose file asks its environment for."""
    lines = (DOCKER / "compose.yaml").read_text().splitlines()
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    named = {match["name"] for match in VARIABLE.finditer(code) if match["name"]}
    handed_on = {
        name
        for service in services().values()
        for name, value in service.get("environment", {}).items()
        if value is None
    }
    return named | handed_on


def environment_of(service: str, given: Mapping[str, str]) -> dict[str, str]:
    """What a service's process finds in its environment when Compose was `given` these variables."""
    wanted = services()[service]["environment"]
    return {
        name: given[name] if value is None else resolve(value, given)
        for name, value in wanted.items()
        if value is not None or name in given
    }


def resolve(text: str, given: Mapping[str, str]) -> str:
    """Interpolate as Compose does; raises KeyError where a required variable is missing or empty."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        found = given.get(match["name"], "")
        if not found and match["kind"] == "?":
            raise KeyError(match["name"])
        return found or (match["rest"] if match["kind"] == "-" else "")

    return VARIABLE.sub(value, text)


def instructions(image: str) -> list[str]:
    """The image's Dockerfile, one instruction an item, comments left out and continued lines joined."""
    text = (DOCKER / f"{image}.Dockerfile").read_text()
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return [line for line in re.sub(r"\\\n\s*", "", code).splitlines() if line]
