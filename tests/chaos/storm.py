"""A storm over a whole house: `python -m tests.chaos.storm [seed] [rounds]`.

A stream of small jobs of every behaviour goes through real processes, while at random moments workers, studios, Redis
and PostgreSQL are killed, S3 refuses, workers freeze past their lease and wake again, and clocks are a minute off. In
the end every job must have come to the end that it deserves, and every file must have its row. Prints the counts as
JSON; the exit status is 1 where something is not as it must be, and the logs are kept.

With CHAOS_PORT=8400 the web server is up too, so that staff can look at /operations/ in the middle of the storm: sign
in as staff@chaos.test with the password `storm-and-calm`.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command

from marketplace.house import parts as house_parts
from marketplace.house import processes
from marketplace.house.environment import Keys, house_environment
from marketplace.house.ports import free_port
from tests.chaos.parts import FAKETIME, PAINTERS, Keeper, Unit, forget_redis, servers, studio_of, workers

LEASE = 4
JOBS = 220
REFUSES = 10.0
PAUSE = (1.5, 5.0)  # seconds between two blows
PATIENCE = 240.0  # seconds for everything to come to its end in the calm


class Storm:
    """What may happen to a house, and how often it did."""

    def __init__(self, home: Path, keeper: Keeper, chance: random.Random) -> None:
        self.home, self.keeper, self.chance = home, keeper, chance
        self.blows: Counter[str] = Counter()
        self.kinds: dict[str, Callable[[], None]] = {
            "worker killed": lambda: self._painter().kill(),
            "studio killed": self._kill_studio,
            "redis killed": lambda: self._unit("redis").kill(),
            "redis killed, data lost": self._lose_redis,
            "postgres restarted": lambda: self._unit("postgres").kill(number=signal.SIGINT),
            "postgres killed": lambda: self._unit("postgres").kill(),
            "s3 refuses": lambda: self._unit("s3").kill(stay_down=REFUSES),
            "worker frozen": self._freeze,
            "relay killed": lambda: self._unit("relay").kill(),
        }
        if FAKETIME.exists():
            self.kinds["clock wrong"] = self._skew

    def rage(self, rounds: int) -> None:
        """Every kind of blow so many times, in any order."""
        plan = [kind for kind in self.kinds for _ in range(rounds)]
        self.chance.shuffle(plan)
        for kind in plan:
            time.sleep(self.chance.uniform(*PAUSE))
            print(f"{time.strftime('%X')} {kind}", file=sys.stderr, flush=True)
            self.kinds[kind]()
            self.blows[kind] += 1

    def calm(self) -> None:
        """Clocks are right again."""
        for unit in self.keeper.units.values():
            if unit.skew:
                unit.skew = 0
                unit.kill()

    def _unit(self, name: str) -> Unit:
        return self.keeper.units[name]

    def _painter(self) -> Unit:
        return self._unit(self.chance.choice(PAINTERS))

    def _kill_studio(self) -> None:
        if pid := studio_of(self._painter()):
            os.kill(pid, signal.SIGKILL)

    def _lose_redis(self) -> None:
        unit = self._unit("redis")
        unit.kill(stay_down=1.0)
        forget_redis(self.home)

    def _freeze(self) -> None:
        unit = self._painter()
        unit.send(signal.SIGSTOP)
        time.sleep(LEASE + 3)
        unit.send(signal.SIGCONT)

    def _skew(self) -> None:
        unit = self._unit(self.chance.choice([*PAINTERS, "relay", "sweeper", "io"]))
        unit.skew = self.chance.choice([-60, 60])
        unit.kill()


def main() -> int:
    """Let the storm pass and count what is left."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    home = Path(tempfile.mkdtemp(prefix="atelier-storm-"))
    home.chmod(0o755)
    print(f"seed {seed}, logs in {home}", file=sys.stderr, flush=True)
    keys = Keys.remembered(home / "keys.json")
    web = int(os.environ.get("CHAOS_PORT", "0"))
    ports = {name: free_port() for name in ("redis", "s3", "sandbox")} | {"web": web or free_port()}
    os.environ |= house_environment(home=home, ports=ports, keys=keys) | {
        "DATABASE_URL": house_parts.postgres_url(home / "postgres", "atelier"), "LEASE_SECONDS": str(LEASE),
        "EXTRA_ENGINES": '["tests.generation.toy:TOY", "tests.generation.toy:NOOP"]', "TORCH_THREADS": "1",
        "EXPLICIT_THRESHOLD": "1", "LOG_LEVEL": "INFO", "SIMILAR_DISTANCE": "0",
    }  # fmt: skip
    s3_keys = {"access_key": keys.s3_access_key, "secret_key": keys.s3_secret_key}
    keeper = Keeper([*servers(home, ports, s3_keys), *workers(home)])
    try:
        for name in ("postgres", "redis", "s3"):
            keeper.units[name].wait_until_ready()
        house_parts.ensure_database(home / "postgres", "atelier")
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("ensure_buckets")
        from tests.chaos.reckoning import reckon
        from tests.chaos.stream import Stream

        stream = Stream(seed)
        if web:
            call_command("collectstatic", interactive=False, verbosity=0)
            keeper.units["web"] = Unit(processes.web(web), home / "web.log")
        keeper.start()
        storm = Storm(home, keeper, random.Random(seed))
        flow = threading.Thread(target=stream.flow, args=(JOBS,))
        flow.start()
        storm.rage(rounds)
        flow.join()
        storm.calm()
        stream.wait_for_the_end(PATIENCE)
        counts, wrongs = reckon(stream)
    finally:
        keeper.stop()
    print(json.dumps({"seed": seed, "blows": dict(storm.blows), **counts, "wrong": wrongs}, indent=1))
    if not wrongs:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
