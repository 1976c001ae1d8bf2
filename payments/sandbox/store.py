"""The sandbox's own durable storage: one SQLite file, one writer at a time, and everything survives a restart."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from payments.sandbox.problems import Problem, ResourceMissing
from payments.sandbox.upgrading import bring_up_to_date

Document = dict[str, Any]

# Which fields of which kind may be filtered by in lists.
_FACETS: Mapping[str, tuple[str, ...]] = {
    "payment_intent": ("customer",),
    "charge": ("payment_intent", "customer", "transfer_group"),
    "refund": ("payment_intent", "charge"),
    "balance_transaction": ("source", "type", "currency"),
    "customer": ("email",),
    "event": ("type",),
    "account": ("email",),
    "bank_account": ("account",),
    "transfer": ("destination", "transfer_group", "source_transaction"),
    "transfer_reversal": ("transfer",),
    "payout": ("destination", "status"),
    "payment_method": ("customer", "type"),
    "setup_intent": ("customer", "payment_method"),
    "dispute": ("charge", "payment_intent"),
    "tax.transaction": ("reference",),
    "radar.early_fraud_warning": ("charge", "payment_intent"),
}
_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_SCHEMA = Path(__file__).with_name("schema.sql")
_TABLES = ("facets", "documents", "balances", "deadlines", "idempotency", "deliveries", "faults", "calls", "switches")


class Transaction:
    """What one transaction may read and write. Made by `Store` alone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.account = ""
        """Whose objects are read and made: a connected account's, or the platform's own ('')."""

    @contextmanager
    def acting_for(self, account: str) -> Iterator[None]:
        """Read and make another account's objects for a while."""
        before, self.account = self.account, account
        try:
            yield
        finally:
            self.account = before

    def find(self, kind: str, identifier: str) -> Document | None:
        """The account's document, or None."""
        row = self.connection.execute(
            "SELECT body FROM documents WHERE id = ? AND kind = ? AND account = ?", (identifier, kind, self.account)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def locate(self, identifier: str) -> tuple[str, Document] | None:
        """Whose document this is, and the document, whoever asks."""
        row = self.connection.execute("SELECT account, body FROM documents WHERE id = ?", (identifier,)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def get(self, kind: str, identifier: str, *, param: str = "id") -> Document:
        """The document, or Stripe's 404."""
        document = self.find(kind, identifier)
        if document is None:
            raise ResourceMissing(f"No such {kind}: '{identifier}'", param=param)
        return document

    def add(self, document: Document) -> None:
        """Keep a new document."""
        cursor = self.connection.execute(
            "INSERT INTO documents (id, kind, created, body, account) VALUES (?, ?, ?, ?, ?)",
            (document["id"], document["object"], document["created"], json.dumps(document), self.account),
        )
        self._index(int(cursor.lastrowid or 0), document)

    def save(self, document: Document) -> None:
        """Keep a document's new state."""
        (seq,) = self.connection.execute(
            "UPDATE documents SET body = ? WHERE id = ? RETURNING seq", (json.dumps(document), document["id"])
        ).fetchone()
        self.connection.execute("DELETE FROM facets WHERE seq = ?", (seq,))
        self._index(seq, document)

    def remove(self, identifier: str) -> None:
        """Forget an object."""
        (seq,) = self.connection.execute("SELECT seq FROM documents WHERE id = ?", (identifier,)).fetchone()
        self.connection.execute("DELETE FROM facets WHERE seq = ?", (seq,))
        self.connection.execute("DELETE FROM documents WHERE seq = ?", (seq,))

    def _index(self, seq: int, document: Document) -> None:
        kind = document["object"]
        rows = [(f"{kind}.{name}", document[name], seq) for name in _FACETS.get(kind, ()) if document.get(name)]
        self.connection.executemany("INSERT INTO facets (name, value, seq) VALUES (?, ?, ?)", rows)

    def select(
        self,
        kind: str,
        *,
        filters: Mapping[str, list[str]],
        created: Mapping[str, int],
        after: str | None = None,
        before: str | None = None,
        limit: int,
    ) -> list[Document]:
        """Documents of a kind, newest first; `before` turns the direction to walk back from a cursor."""
        where = ["d.kind = ?", "d.account = ?"]
        arguments: list[Any] = [kind, self.account]
        for name, wanted in filters.items():
            marks = ", ".join("?" for _ in wanted)
            where.append(f"d.seq IN (SELECT seq FROM facets WHERE name = ? AND value IN ({marks}))")  # noqa: S608 only marks
            arguments += [f"{kind}.{name}", *wanted]
        for bound, moment in created.items():
            where.append(f"d.created {_COMPARISONS[bound]} ?")
            arguments.append(moment)
        for cursor, comparison in ((after, "<"), (before, ">")):
            if cursor is not None:
                where.append(f"d.seq {comparison} ?")
                arguments.append(self._position(kind, cursor))
        direction = "ASC" if before is not None else "DESC"
        rows = self.connection.execute(
            f"SELECT d.body FROM documents d WHERE {' AND '.join(where)} ORDER BY d.seq {direction} LIMIT ?",  # noqa: S608 only marks and fixed words
            (*arguments, limit),
        ).fetchall()
        return [json.loads(body) for (body,) in rows]

    def _position(self, kind: str, identifier: str) -> int:
        row = self.connection.execute(
            "SELECT seq FROM documents WHERE id = ? AND kind = ?", (identifier, kind)
        ).fetchone()
        if row is None:
            raise ResourceMissing(f"No such {kind}: '{identifier}'", param="starting_after")
        return int(row[0])

    def move(self, currency: str, status: str, amount: int) -> None:
        """Add an amount to the account's balance of that status."""
        self.connection.execute(
            "INSERT INTO balances (account, currency, status, amount) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
            (self.account, currency, status, amount),
        )

    def balances(self) -> dict[tuple[str, str], int]:
        """What the account has: (currency, status) to minor units."""
        rows = self.connection.execute(
            "SELECT currency, status, amount FROM balances WHERE account = ? ORDER BY currency", (self.account,)
        )
        return {(currency, status): amount for currency, status, amount in rows}

    def owed_by_accounts(self) -> dict[str, int]:
        """What connected accounts owe, by currency, as negative amounts."""
        rows = self.connection.execute(
            "SELECT currency, sum(owed) FROM (SELECT currency, sum(amount) AS owed FROM balances WHERE account != '' "
            "GROUP BY account, currency HAVING owed < 0) GROUP BY currency ORDER BY currency"
        )
        return dict(rows.fetchall())

    def set_deadline(self, identifier: str, due: int | None) -> None:
        """Remember that the clock has something to do to this object at `due`; None forgets it."""
        if due is None:
            self.connection.execute("DELETE FROM deadlines WHERE id = ?", (identifier,))
        else:
            self.connection.execute("INSERT OR REPLACE INTO deadlines (id, due) VALUES (?, ?)", (identifier, due))

    def due(self, now: int) -> list[str]:
        """The objects whose deadline has come."""
        rows = self.connection.execute("SELECT id FROM deadlines WHERE due <= ? ORDER BY due", (now,)).fetchall()
        return [identifier for (identifier,) in rows]

    def switch(self, name: str, default: str) -> str:
        """A setting that is kept across restarts."""
        row = self.connection.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set_switch(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.connection.execute("INSERT OR REPLACE INTO switches (name, value) VALUES (?, ?)", (name, value))

    def now(self) -> int:
        """The sandbox's clock: real time, moved on by whatever a test asked for."""
        return int(time.time()) + int(self.switch("clock_offset", "0"))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that is undone when it fails, without undoing the whole; a card's refusal keeps what was written."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException as failure:
            if not (isinstance(failure, Problem) and failure.keeps_writes):
                self.connection.execute("ROLLBACK TO part")
            raise
        finally:
            self.connection.execute("RELEASE part")

    def erase(self) -> None:
        """Forget everything."""
        for table in _TABLES:
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 fixed names


class Store:
    """The file. One connection a thread; writers queue on a lock instead of polling SQLite's."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._writers = threading.Lock()
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        connection = self._connection()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA.read_text())
        bring_up_to_date(connection)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
            self._open.append(connection)
        return connection

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that writes: alone from its first statement, all or nothing."""
        connection = self._connection()
        with self._writers:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads: one consistent view, waiting for nobody."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield Transaction(connection)
        finally:
            connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        while self._open:
            self._open.pop().close()
