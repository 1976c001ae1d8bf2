"""What may happen to a house in a storm. A blow waits a little for a moment at which it hurts: a worker at work."""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event

from django.db import DatabaseError, InterfaceError, connection

from generation.models import Attempt
from tests.chaos.clocks import NoCompiler, compile_clock
from tests.chaos.parts import PAINTERS, STUDIO, Keeper, Unit, forget_redis

LEASE = 4  # as `storm.py` tells the house
REFUSES = 10.0
PAUSE = (1.5, 5.0)  # seconds between two blows
MOMENT = 12.0  # seconds to wait for a worker that holds something
MINUTE = 60


class Storm:
    """What may happen to a house, and how often it did."""

    def __init__(self, home: Path, keeper: Keeper, chance: random.Random) -> None:
        self.home, self.keeper, self.chance = home, keeper, chance
        self.blows: Counter[str] = Counter()
        self.at_work: Counter[str] = Counter()  # of the blows on a painter, those on one that held jobs
        self.is_over = Event()
        self.kinds: dict[str, Callable[[], None]] = {
            "worker and studio killed": lambda: self._painter("worker and studio killed").kill(),
            "worker alone killed": self._kill_worker_alone,
            "studio killed": self._kill_studio,
            "worker and studio frozen": self._freeze,
            "worker alone frozen": self._freeze_worker_alone,
            "redis killed": lambda: self._unit("redis").kill(),
            "redis killed, data lost": self._lose_redis,
            "postgres restarted": lambda: self._unit("postgres").kill(number=signal.SIGINT),
            "postgres killed": lambda: self._unit("postgres").kill(),
            "s3 refuses for 10 s": lambda: self._unit("s3").kill(stay_down=REFUSES),
            "courier killed": lambda: self._unit(self.chance.choice(["relay", "io", "sweeper"])).kill(),
        }
        try:
            self.clocks = [compile_clock(home, seconds) for seconds in (-MINUTE, MINUTE)]
            self.kinds["clocks a minute off"] = self._set_clocks_wrong
        except NoCompiler:
            print("NO CLOCK WILL BE WRONG: there is no C compiler")

    def rage(self, rounds: int) -> None:
        """Every kind of blow so many times, in any order."""
        plan = [kind for kind in self.kinds for _ in range(rounds)]
        self.chance.shuffle(plan)
        for kind in plan:
            time.sleep(self.chance.uniform(*PAUSE))
            print(f"{time.strftime('%X')} {kind}", file=sys.stderr, flush=True)
            self.kinds[kind]()
            self.blows[kind] += 1
        connection.close()
        self.is_over.set()

    def calm(self) -> None:
        """Clocks are right again."""
        for unit in self.keeper.units.values():
            if unit.clock:
                unit.clock = None
                unit.kill()

    def _unit(self, name: str) -> Unit:
        return self.keeper.units[name]

    def _painter(self, kind: str) -> Unit:
        """One that holds jobs, if there is one soon."""
        painters = [self._unit(name) for name in PAINTERS]
        until = time.monotonic() + MOMENT
        while time.monotonic() < until:
            working = _at_work()
            if busy := [unit for unit in painters if working & set(unit.pids())]:
                self.at_work[kind] += 1
                return self.chance.choice(busy)
            time.sleep(0.05)
        return self.chance.choice(painters)

    def _kill_worker_alone(self) -> None:
        """Its studio is left behind and must leave by itself."""
        unit = self._painter("worker alone killed")
        for pid in _without_studio(unit):
            _send(pid, signal.SIGKILL)

    def _kill_studio(self) -> None:
        unit = self._painter("studio killed")
        for pid in unit.pids(STUDIO):
            _send(pid, signal.SIGKILL)

    def _freeze(self) -> None:
        self._freeze_all(self._painter("worker and studio frozen").pids())

    def _freeze_worker_alone(self) -> None:
        """Its studio goes on, so that it wakes with finished works in its hands that are not its own any more."""
        self._freeze_all(_without_studio(self._painter("worker alone frozen")))

    def _freeze_all(self, pids: list[int]) -> None:
        for pid in pids:
            _send(pid, signal.SIGSTOP)
        time.sleep(LEASE + 3)
        for pid in pids:
            _send(pid, signal.SIGCONT)

    def _lose_redis(self) -> None:
        self._unit("redis").kill(stay_down=1.0)
        forget_redis(self.home)

    def _set_clocks_wrong(self) -> None:
        """One painter's clock goes wrong one way, that of the relay or the sweeper the other way."""
        units = [self._painter("clocks a minute off"), self._unit(self.chance.choice(["relay", "sweeper"]))]
        for unit, clock in zip(units, self.chance.sample(self.clocks, 2), strict=True):
            unit.clock = clock
            unit.kill()


def _at_work() -> set[int]:
    """The processes that hold jobs now."""
    try:
        names = set(Attempt.objects.filter(ended_at=None).values_list("worker", flat=True))
    except (DatabaseError, InterfaceError):
        connection.close()
        return set()
    return {int(name.rpartition(":")[2]) for name in names}


def _without_studio(unit: Unit) -> list[int]:
    return sorted(set(unit.pids()) - set(unit.pids(STUDIO)))


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
