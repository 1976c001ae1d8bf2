"""Files for what does not fit into memory: without a name, so that they are gone with whoever made them.

They lie in TMPDIR where that is set, and otherwise in /var/tmp: /tmp may be memory itself.
"""

import errno
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from generation.engines.errors import ScratchFull

_LASTING = Path("/var/tmp")  # noqa: S108  # the place that the Filesystem Hierarchy Standard gives to such files


def scratch_folder() -> Path:
    """Where large temporary files go."""
    if "TMPDIR" not in os.environ and os.access(_LASTING, os.W_OK):
        return _LASTING
    return Path(tempfile.gettempdir())


def scratch_file(owner: object) -> BinaryIO:
    """Open a file without a name, to be written and read; it is closed, and gone, when `owner` is."""
    file = cast(BinaryIO, tempfile.TemporaryFile(dir=scratch_folder(), buffering=0))  # noqa: SIM115  # its owner keeps it open
    weakref.finalize(owner, file.close)
    return file


def check_room(size: int) -> None:
    """Raise ScratchFull where fewer than `size` bytes are free: better at once than after an hour."""
    if shutil.disk_usage(scratch_folder()).free < size:
        raise ScratchFull(f"The machine has too little disk free for this picture: it takes {size / 1e9:.1f} GB.")


@contextmanager
def disk_guard() -> Iterator[None]:
    """Turn a full disk into ScratchFull."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise ScratchFull("The machine's disk was full.") from error
