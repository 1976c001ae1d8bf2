"""A storm over a whole house: `python -m tests.chaos.storm [seed] [rounds]`.

A stream of small jobs of every behaviour goes through real processes, while at random moments workers, studios, Redis
and PostgreSQL are killed, S3 refuses, workers freeze past their lease and wake again, and clocks are a minute off. In
the end every job must have come to the end that it deserves, and every file must have its row. Prints the counts; the
exit status is 1 where something is not as it must be, and the logs are kept.

With CHAOS_PORT=8400 the web server is up too, so that staff can look at /operations/ in the middle of the storm: sign
in at http://127.0.0.1:8400/ as staff@chaos.test with the password `storm-and-calm`. More rounds leave more time.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import django
from django.core.management import call_command

from marketplace.house import parts as house_parts
from marketplace.house import processes
from marketplace.house.environment import Keys, house_environment
from marketplace.house.ports import free_port
from tests.chaos.parts import PAINTERS, Keeper, Unit, servers, studios_of, workers

JOBS = 220
LEASE = "4"
PATIENCE = 420.0  # seconds for everything to come to its end in the calm

Counts = dict[str, dict[str, float]]


def main() -> int:
    """Let the storm pass and count what is left."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    home = Path(tempfile.mkdtemp(prefix="atelier-storm-"))
    home.chmod(0o755)
    print(f"A storm with seed {seed} of {rounds} rounds; logs in {home}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # and then the house comes down in order
    keeper = build(home)
    try:
        counts, wrongs = weather(home, keeper, seed, rounds)
    finally:
        keeper.stop()
    if left := studios_of(home):
        wrongs.append(f"studios were left behind: {left}")
    print_table(counts, wrongs)
    if not wrongs:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if wrongs else 0


def build(home: Path) -> Keeper:
    """A house whose servers stand, with its tables and buckets made."""
    keys = Keys.remembered(home / "keys.json")
    web = int(os.environ.get("CHAOS_PORT", "0"))
    ports = {name: free_port() for name in ("redis", "s3", "sandbox")} | {"web": web or free_port()}
    os.environ |= house_environment(home=home, ports=ports, keys=keys) | {
        "DATABASE_URL": house_parts.postgres_url(home / "postgres", "atelier"), "LEASE_SECONDS": LEASE,
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
        if web:
            call_command("collectstatic", interactive=False, verbosity=0)
            keeper.units["web"] = Unit(processes.web(web), home / "web.log")
    except BaseException:
        keeper.stop()
        raise
    return keeper


def weather(home: Path, keeper: Keeper, seed: int, rounds: int) -> tuple[Counts, list[str]]:
    """Stream and storm together, then the calm, then the reckoning."""
    from tests.chaos.blows import Storm
    from tests.chaos.reckoning import Reckoning
    from tests.chaos.stream import Stream

    began, stream = time.monotonic(), Stream(seed)
    keeper.start()
    storm = Storm(home, keeper, random.Random(f"{seed} storm"))
    flow = threading.Thread(target=stream.flow, args=(JOBS, storm.is_over), daemon=True)
    flow.start()
    storm.rage(rounds)
    flow.join()
    calm = time.monotonic()
    storm.calm()
    stream.wait_for_the_end(PATIENCE)
    seconds = {"storm": round(calm - began), "until all was done": round(time.monotonic() - calm)}
    # Nothing is stored any more while the files are counted: what is an orphan now has to go.
    for name in PAINTERS:
        keeper.units[name].kill(stay_down=PATIENCE)
    reckoning = Reckoning(stream)
    reckoning.reckon()
    counts: Counts = {"seconds": {**seconds}, "blows": {**storm.blows}}
    counts |= {"of these, on workers that held jobs": {**storm.at_work}, **reckoning.counts}
    return counts, reckoning.wrongs


def print_table(counts: Counts, wrongs: list[str]) -> None:
    """One table of all counts, and what is wrong below it."""
    for heading, rows in counts.items():
        print(heading)
        for name, number in sorted(rows.items()):
            print(f"  {name:<48}{number:>8}")
    print("nothing is wrong" if not wrongs else "\n".join(["WRONG:", *wrongs]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
