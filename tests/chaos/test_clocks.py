"""A wrong clock is wrong by what was said, and everything else goes on as ever."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.clocks import NoCompiler, compile_clock

LOOK = """
import datetime, queue, select, threading, time
began = time.monotonic()
time.sleep(0.02)
select.select([], [], [], 0.02)
threading.Event().wait(0.02)
try:
    queue.SimpleQueue().get(timeout=0.02)
except queue.Empty:
    pass
print(time.time(), datetime.datetime.now().timestamp(), began, time.monotonic() - began)
"""


@pytest.mark.parametrize("seconds", [60, -60])
def test_the_wall_clock_is_wrong_and_the_steady_one_is_not(seconds: int, tmp_path: Path) -> None:
    try:
        environment = os.environ | {"LD_PRELOAD": str(compile_clock(tmp_path, seconds))}
    except NoCompiler:
        pytest.skip("there is no C compiler: NO CLOCK WAS SET WRONG")
    before, steady = time.time(), time.monotonic()
    command = [sys.executable, "-S", "-c", LOOK]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=True)
    wall, dated, began, took = (float(word) for word in ran.stdout.split())
    assert 0 < wall - seconds - before < 20
    assert 0 < dated - seconds - before < 20
    assert 0 < began - steady < 20
    assert 0.08 <= took < 10
