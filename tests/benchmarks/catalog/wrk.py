"""wrk, Debian's: one thread, eight connections, many different paths."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

CONNECTIONS = 8
_WALK = Path(__file__).with_name("walk.lua")


@dataclass(frozen=True, slots=True)
class Round:
    """What one run of wrk found: requests/s, milliseconds that half and 99 of a hundred took at most, bytes/answer."""

    rate: float
    p50: float
    p99: float
    size: float
    requests: int


@dataclass
class Walk:
    """Paths of one server; a round goes on where the last one ended: a path comes up once in a long while."""

    url: str
    paths: Sequence[str]
    rounds: list[Round] = field(default_factory=list)
    _at: int = 0

    def go(self, seconds: int, *, connections: int = CONNECTIONS, counts: bool = True) -> Round:
        """One round. Raises RuntimeError where anything but a 2xx or 3xx was answered."""
        with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
            file.write("\n".join(self.paths) + "\n")
            file.flush()
            argv = [_binary(), "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(_WALK), self.url]
            ran = subprocess.run([*argv, "--", file.name, str(self._at)], capture_output=True, text=True, check=True)
        found = json.loads(ran.stdout.splitlines()[-1])
        if found["failed"] or not found["requests"]:
            raise RuntimeError(f"{found['failed']} of {found['requests']} requests failed, such as {self.paths[0]}")
        self._at = (self._at + found["requests"]) % len(self.paths)
        size = found["bytes"] / found["requests"]
        said = Round(found["requests"] / found["seconds"], found["p50"], found["p99"], size, found["requests"])
        if counts:
            self.rounds.append(said)
        return said

    @property
    def rate(self) -> float:
        """Requests/s, the median of all rounds."""
        return median(one.rate for one in self.rounds)

    @property
    def p50(self) -> float:
        """Milliseconds."""
        return median(one.p50 for one in self.rounds)

    @property
    def p99(self) -> float:
        """Milliseconds, the median of the rounds' own."""
        return median(one.p99 for one in self.rounds)

    @property
    def size(self) -> float:
        """Bytes of an answer with its headers."""
        return median(one.size for one in self.rounds)

    @property
    def requests(self) -> int:
        """How many were made."""
        return sum(one.requests for one in self.rounds)


def _binary() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("This benchmark asks with wrk: apt-get install wrk")
    return found
