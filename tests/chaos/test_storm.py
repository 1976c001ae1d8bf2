"""A storm passes over the house, and nothing is lost. `python -m tests.chaos.storm` runs the same by hand."""

import json
import os
import subprocess
import sys

from tests.journeys.conftest import LANE, ROOT

SEED = os.environ.get("CHAOS_SEED", "")
ROUNDS = os.environ.get("CHAOS_ROUNDS", "2")


def test_in_the_end_every_job_has_come_to_the_end_it_deserves() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in LANE}
    command = [sys.executable, "-m", "tests.chaos.storm", SEED or str(os.getpid()), ROUNDS]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert ran.stdout, ran.stderr
    print(ran.stdout)
    counts = json.loads(ran.stdout)
    assert counts["wrong"] == [], ran.stderr
    assert ran.returncode == 0
    assert counts["jobs"] >= 200
    assert len(counts["blows"]) >= 9
