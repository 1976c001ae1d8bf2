"""PostgreSQL and Redis for this benchmark alone, with a database for each shop and size.

Where CATALOG_HOME names a folder they stay there, filled, for the next run (of root's, a folder that everybody may
enter: PostgreSQL does not run as root). What fills a database is fingerprinted; a change has it filled anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from marketplace.house import parts
from marketplace.house.environment import Keys, house_environment
from marketplace.house.ports import free_port
from marketplace.house.supervisor import Supervisor
from tests import template

ROOT = Path(__file__).resolve().parents[3]
# A database server's usual share of a small machine's memory; without fsync, since nothing is kept that costs more
# than minutes. Both shops have the same server.
SETTINGS = {
    "shared_buffers": "2GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "effective_cache_size": "6GB",
}

_CHUNK = 16 << 20


@dataclass(frozen=True)
class Cluster:
    """The servers, and where they are."""

    home: Path
    supervisor: Supervisor
    programs: Path  # PostgreSQL's own
    ports: dict[str, int]
    keys: Keys

    def address(self, database: str) -> str:
        """DATABASE_URL of one of its databases."""
        return parts.postgres_url(self.home / "postgres", database)

    def environment(self, database: str, *, redis_database: int) -> dict[str, str]:
        """The product's variables for a house on this database; parts that public reads do not use are not there."""
        found = house_environment(
            home=self.home, ports=self.ports, keys=self.keys, database=database,
            redis_databases=(redis_database, redis_database),
        )  # fmt: skip
        found |= {"PROXY_HEADER": "true", "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT)}
        return found

    def is_filled(self, database: str, fingerprint: str) -> bool:
        """Whether it was filled by the same code."""
        with self._postgres() as connection:
            found = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database]
            ).fetchone()
        return found == (fingerprint,)

    def empty(self, database: str) -> None:
        """An empty database of that name."""
        self._drop(database)
        parts.ensure_database(self.home / "postgres", database)

    def migrated(self, database: str) -> None:
        """A database of that name with the product's tables, as migrations leave them."""
        self._drop(template.DATABASE)
        template.furnish(self.home / "postgres", self.programs)
        self._drop(database)
        with self._postgres() as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template.DATABASE}"'.encode())

    def remembered(self, database: str, dump: Path, make: Callable[[], None]) -> None:
        """An empty database of that name is what `make` once made of it: from the dump, which it leaves otherwise."""
        address = self.address(database)
        if dump.exists():
            self._run("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}", address)
            return
        make()
        aside = dump.with_suffix(".part")
        self._run("pg_dump", "--no-owner", f"--file={aside}", address)
        aside.rename(dump)

    def remember(self, database: str, fingerprint: str) -> None:
        """Write down that it is filled, and by what."""
        with self._postgres() as connection:
            connection.execute(f"COMMENT ON DATABASE \"{database}\" IS '{fingerprint}'".encode())

    def warm(self, database: str) -> None:
        """Read all that it is once: a server that has been up for a while does not wait for its disk."""
        with self._postgres() as connection:
            found = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", [database]).fetchone()
        assert found is not None
        for file in (self.home / "postgres" / "base" / str(found[0])).iterdir():
            with file.open("rb") as stream:
                while stream.read(_CHUNK):
                    pass

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.programs / program, *arguments], check=True, stdout=subprocess.DEVNULL)

    def _drop(self, database: str) -> None:
        with self._postgres() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())

    def _postgres(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.address("postgres"), autocommit=True)


@contextmanager
def open_cluster() -> Iterator[Cluster]:
    """Start the servers, and leave nothing behind but what CATALOG_HOME was to keep."""
    kept = os.environ.get("CATALOG_HOME")
    home = Path(kept).resolve() if kept else Path(tempfile.mkdtemp(prefix="atelier-catalog-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    supervisor = Supervisor(logs=home / "log", say=lambda line: print(line, file=sys.stderr))
    try:
        ports = {name: free_port() for name in ("redis", "s3", "sandbox", "web")}
        postgres = parts.postgres(home / "postgres", durable=False)
        more = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        supervisor.start(replace(postgres, argv=[*postgres.argv, *more]))
        supervisor.start(parts.redis_server(home / "redis", ports["redis"]))
        yield Cluster(home, supervisor, Path(postgres.argv[0]).parent, ports, Keys.remembered(home / "keys.json"))
    finally:
        supervisor.stop()
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def fingerprint(*paths: Path) -> str:
    """What the Python in these files and folders comes to."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()
