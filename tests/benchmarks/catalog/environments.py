"""What is compared and what serves both, installed once into the user's cache: never into the project's environment."""

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.emoji import CACHE

GUNICORN = "gunicorn==27.0.1"
OSCAR = ("django-oscar==4.2.*", "django-oscar-api==3.3.*", "django==5.2.*", "psycopg[binary]==3.*", "redis==7.4.*")


def gunicorn() -> Path:
    """A folder to put on PYTHONPATH: gunicorn and nothing else, for our own interpreter."""
    folder = CACHE / "catalog" / GUNICORN
    if not (folder / "gunicorn").is_dir():
        _pip(sys.executable, "--target", str(folder), GUNICORN)
    return folder


def oscar() -> Path:
    """The interpreter of an environment with django-oscar, its API and the same gunicorn."""
    folder = CACHE / "catalog" / "oscar-4.2"
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        _pip(str(python), *OSCAR, GUNICORN)
        done.touch()
    return python


def _pip(python: str, *arguments: str) -> None:
    argv = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(argv, check=True, stdout=sys.stderr)
