"""Empties the database after a test that commits, at the price of what the test wrote.

Django truncates every table and then makes its content types, permissions, roles and licences anew: half a second for a
database of a hundred and fifty tables, of which a test writes five. Here that happens once; from then on only tables
that hold rows are emptied, and those that `post_migrate` had filled are left alone as long as they are as it left them.
"""

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction


class Emptying:
    """Leaves what Django's own `flush` leaves."""

    def __init__(self) -> None:
        self._tables: list[str] = []
        self._furnished: dict[str, str] = {}  # the tables that flush left filled, with a digest of their rows

    def __call__(self) -> None:
        """Empty the database, but for the rows that `post_migrate` made."""
        if not self._tables or self._digests(self._furnished) != self._furnished:
            self._flush()
            return
        written = self._filled() - self._furnished.keys()
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither foreign keys nor the guards of states, books and history have a say in this.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in sorted(written):
                cursor.execute(f"DELETE FROM {_quoted(table)}")

    def _flush(self) -> None:
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
        self._tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self._furnished = self._digests(self._filled())

    def _filled(self) -> set[str]:
        return {table for (table,) in _union("SELECT %s WHERE EXISTS (SELECT FROM {table})", self._tables)}

    def _digests(self, tables: "set[str] | dict[str, str]") -> dict[str, str]:
        rows = "SELECT %s, md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM {table} t"
        return dict(_union(rows, sorted(tables)))


def _union(select: str, tables: list[str]) -> list[Any]:
    """The rows of one SELECT over each of the tables, whose name it is given as its parameter."""
    if not tables:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(select.format(table=_quoted(table)) for table in tables), tables)
        return list(cursor.fetchall())


def _quoted(table: str) -> str:
    return str(connection.ops.quote_name(table))
