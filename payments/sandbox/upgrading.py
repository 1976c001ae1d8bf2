"""Files that an earlier sandbox wrote gain what they lack: whose objects they are, balances, and what cards bring."""

import sqlite3

_STEPS = (
    "ALTER TABLE documents ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    "INSERT INTO balances (account, currency, status, amount) "
    "SELECT '', body ->> 'currency', body ->> 'status', sum(body ->> 'net') FROM documents "
    "WHERE kind = 'balance_transaction' GROUP BY 2, 3",
    "UPDATE documents SET body = json_set(body, '$._fate', NULL) WHERE kind IN ('charge', 'payment_method')",
    "UPDATE documents SET body = json_set(body, '$._authenticate', "
    "iif(body ->> '_authenticate', 'always', NULL)) WHERE kind = 'payment_method'",
)


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Take the steps that the file has not seen, all or none."""
    if "account" in {row[1] for row in connection.execute("PRAGMA table_info(documents)")}:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in _STEPS:
            connection.execute(step)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
