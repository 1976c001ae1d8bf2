"""The store: what an earlier sandbox wrote is read by this one."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from payments.sandbox.store import Store

EARLIER = """
CREATE TABLE documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
);
"""


def test_a_file_of_an_earlier_sandbox_gains_accounts_and_balances(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite3"
    documents: list[dict[str, Any]] = [
        {"id": "pm_1", "object": "payment_method", "_authenticate": True},
        {"id": "pm_2", "object": "payment_method", "_authenticate": False},
        {"id": "txn_1", "object": "balance_transaction", "currency": "eur", "status": "pending", "net": 970},
        {"id": "txn_2", "object": "balance_transaction", "currency": "eur", "status": "available", "net": -100},
        {"id": "txn_3", "object": "balance_transaction", "currency": "eur", "status": "pending", "net": 30},
    ]
    with sqlite3.connect(path) as connection:
        connection.executescript(EARLIER)
        for document in documents:
            row = (document["id"], document["object"], 1, json.dumps(document))
            connection.execute("INSERT INTO documents (id, kind, created, body) VALUES (?, ?, ?, ?)", row)
    connection.close()

    for _ in range(2):  # bringing it up to date a second time changes nothing
        store = Store(path)
        with store.reading() as tx:
            assert tx.balances() == {("eur", "pending"): 1000, ("eur", "available"): -100}
            methods = [tx.get("payment_method", name) for name in ("pm_1", "pm_2")]
        store.close()
        assert [(method["_authenticate"], method["_fate"]) for method in methods] == [("always", None), (None, None)]
