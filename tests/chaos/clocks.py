"""Wall clocks that are wrong for one process, by a library that is compiled here and loaded before all others.

Debian's libfaketime would not do: with Python 3.11 its `time.sleep` fails or its locks wait for ever, so that a process
under it does not work with a wrong clock, it does not work at all.
"""

import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class NoCompiler(Exception):
    """There is no C compiler, so no clock can be set wrong."""


def compile_clock(folder: Path, seconds: int) -> Path:
    """A library under which the wall clock is so many seconds off. Raises NoCompiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NoCompiler
    library = folder / f"clock{seconds:+d}.so"
    options = ["-shared", "-fPIC", "-O1", "-w", "-fno-builtin", "-nostdlib", f"-DOFF=({seconds})"]
    subprocess.run([compiler, *options, "-o", str(library), str(SOURCE)], check=True)
    return library
