"""Originals too large for the wire: the studio writes them to this machine's disk, and the worker takes them away."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "prints"


def forget(jobs: Iterable[str], token: UUID) -> None:
    """Remove what is left of these jobs: it was stored, or never will be. Another lease's files are another's."""
    folder = Path(settings.ATELIER.data_dir) / FOLDER
    for job in jobs:
        for suffix in (".png", ".signed"):
            (folder / f"{job}-{token}{suffix}").unlink(missing_ok=True)
