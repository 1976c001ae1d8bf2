"""The database with every migration applied, made once and remembered: a session of tests begins with a copy of it.

Hundreds of migrations take half a minute; the dump of what they leave takes a second to read in. It lies in the user's
cache under a name that every migration and every locked dependency has a part in.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from marketplace.house import parts

DATABASE = "atelier_migrated"
ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "atelier" / "migrated"
KEPT = 8  # of other branches, which one may come back to
FOLDERS = ("migrations", "audit")
ALONE = ("marketplace/core/machine.py", "locks/dev.txt")


def furnish(cluster: Path, programs: Path) -> None:
    """Make the migrated database in the cluster: from the remembered dump, or by migrating, and then it is remembered.

    `programs` is the folder with PostgreSQL's own.
    """
    dump = CACHE / f"{fingerprint()}.sql"
    parts.ensure_database(cluster, DATABASE)
    address = parts.postgres_url(cluster, DATABASE)
    if dump.exists():
        dump.touch()
        _run(programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--file={dump}", address)
        return
    settings = dict(
        line.split("=", 1) for line in (ROOT / "tests" / "check.env").read_text().splitlines() if "=" in line
    )
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=os.environ | settings | {"DATABASE_URL": address}, check=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=CACHE, suffix=".part", delete=False) as file:
        _run(programs / "pg_dump", "--no-owner", f"--file={file.name}", address)
    Path(file.name).replace(dump)
    for old in sorted(CACHE.glob("*.sql"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)


def fingerprint() -> str:
    """What all migrations and locked dependencies come to."""
    digest = hashlib.sha256()
    rooms = [
        path for room in ("marketplace", "generation", "gallery", "payments") for path in (ROOT / room).rglob("*.py")
    ]
    for path in sorted([path for path in rooms if path.parent.name in FOLDERS] + [ROOT / name for name in ALONE]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _run(program: Path, *arguments: str) -> None:
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)
