"""Originals too large for the wire: the studio writes them to this machine's disk, and the worker takes them away."""

import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "prints"
LONGEST = 24 * 3600.0  # seconds that making one and storing it may take


def forget(jobs: Iterable[str], token: UUID) -> None:
    """Remove what is left of these jobs: it was stored, or never will be.

    Another lease's files are another's, unless a worker that was killed left them behind long ago.
    """
    folder = Path(settings.ATELIER.data_dir) / FOLDER
    ours = {f"{job}-{token}" for job in jobs}
    for file in folder.glob("*"):
        if file.stem in ours or _is_forgotten(file):
            file.unlink(missing_ok=True)


def _is_forgotten(file: Path) -> bool:
    try:
        return file.stat().st_mtime < time.time() - LONGEST
    except FileNotFoundError:  # whose it was has just removed it
        return False
