"""Makes the virtual environment and installs a lock into it: `python3 install.py VENV LOCK`.

Runs under the system's Python before anything is installed: standard library only, and old syntax, so that even an
old Python gets to the sentence that says what is wrong.
"""

import os
import shutil
import subprocess
import sys

ROOM_NEEDED = 9 * 10**9  # bytes: torch and its CUDA libraries unpack to about six of them
LEAST_PYTHON = (3, 11)


def fail(sentence):  # type: (str) -> None
    sys.exit("Atelier cannot be installed: " + sentence)


def main(venv, lock):  # type: (str, str) -> None
    if sys.version_info < LEAST_PYTHON:
        fail(
            "Python 3.11 or later is needed, this is %d.%d; name another with make PYTHON=python3.11."
            % sys.version_info[:2]
        )
    folder = os.path.dirname(os.path.abspath(venv))
    is_new = not os.path.exists(os.path.join(venv, "bin", "python"))
    free = shutil.disk_usage(folder).free
    if is_new and free < ROOM_NEEDED:
        fail("%d GB are needed under %s, %.1f are free." % (ROOM_NEEDED // 10**9, folder, free / 1e9))
    if is_new:
        print("Making the virtual environment and installing (torch is large: some minutes) ...", flush=True)
        run(
            [sys.executable, "-m", "venv", venv],
            "the virtual environment could not be made; on Debian: apt install python3-venv.",
        )
    pip = [os.path.join(venv, "bin", "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    reason = (
        "pip did not finish; its last lines say why"
        " (no network, a full disk, or a package without a wheel, which needs a compiler)."
    )
    run([*pip, "--disable-pip-version-check", "-r", lock], reason)
    with open(os.path.join(venv, "installed"), "w") as stamp:
        stamp.write(lock + "\n")


def run(command, reason):  # type: (list[str], str) -> None
    if subprocess.call(command) != 0:
        fail(reason)


if __name__ == "__main__":
    main(*sys.argv[1:])
