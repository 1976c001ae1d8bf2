"""Time passes: every moment that the house wrote down lies so much further back, and the provider's clock goes on.

The triggers are off meanwhile: nothing happens to the rows, only to the clock.
"""

from django.db import connection

_ROOMS = ("listings", "orders", "commissions", "payments", "core_outboxevent")
_KEPT = ("django_", "auth_", "listings_licence")
_MOMENTS = """
    SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' GROUP BY table_name ORDER BY table_name
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_QUIETLY = "SET session_replication_role = {}"


def _without_triggers(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        body = "; ".join([_QUIETLY.format("replica"), *statements, _QUIETLY.format("DEFAULT")])
        cursor.execute(body)


def let_pass(seconds: int) -> None:
    """All the house's moments move `seconds` into the past."""
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS)
        moments = [(table, columns) for table, columns in cursor.fetchall() if table.startswith(_ROOMS)]
    moved = [
        f"UPDATE {table} SET " + ", ".join(f"{name} = {name} - interval '{seconds} seconds'" for name in columns)
        for table, columns in moments
    ]
    _without_triggers(moved)


def forget_everything() -> None:
    """An empty house: every row is gone but what the migrations wrote."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [table for (table,) in cursor.fetchall() if not table.startswith(_KEPT)]
    _without_triggers([f"DELETE FROM {table}" for table in tables])
