"""Attaching the audit trigger to a table, in the migration that makes it."""

import re
from collections.abc import Sequence

from django.db.migrations import RunSQL

_NAME = re.compile(r"^[a-z_][a-z0-9_]{0,56}$")  # PostgreSQL's names have 63 characters, with our ending
ALWAYS_LEFT_OUT = ("updated_at",)  # changes with everything else, and `at` says it already


def audited(table: str, *, key: str = "id", leave_out: Sequence[str] = ()) -> RunSQL:
    """The migration's operation that has each change of `table`'s rows written to the audit log.

    `key` is the column of the primary key. Columns in `leave_out` (secrets, counters of tries) are never written, and
    an update of these alone leaves no trace. Its migration depends on `("core", "0002_audit")`. Raises ValueError.
    """
    columns = [key, *ALWAYS_LEFT_OUT, *leave_out]
    for name in (table, *columns):
        if not _NAME.match(name):
            raise ValueError(f"{name!r} names no table or column of ours")
    arguments = ", ".join(f"'{column}'" for column in columns)
    return RunSQL(
        f"CREATE TRIGGER {table}_audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION core_audit_change({arguments})",
        f"DROP TRIGGER {table}_audit ON {table}",
    )
