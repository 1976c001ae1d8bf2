"""Oscar's shop with as many products as we have listings: the tables that its own dashboard fills, by COPY."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import psycopg

from tests.benchmarks.catalog import environments, serving
from tests.benchmarks.catalog.cluster import Cluster
from tests.benchmarks.catalog.wishes import SEED
from tests.benchmarks.catalog.words import Vocabulary

CATEGORIES = 9
_FIXED = (
    """
    INSERT INTO catalogue_productclass (id, name, slug, requires_shipping, track_stock)
    VALUES (1, 'Work', 'work', false, true)
    """,
    "INSERT INTO partner_partner (id, code, name) VALUES (1, 'house', 'House')",
    f"""
    INSERT INTO catalogue_category (id, path, depth, numchild, name, description, long_description, slug,
        exclude_from_menu, is_public, ancestors_are_public)
    SELECT n, lpad(n::text, 4, '0'), 1, 0, 'Engine ' || n, '', '', 'engine-' || n, false, true, true
    FROM generate_series(1, {CATEGORIES}) AS n
    """,
)
_PRODUCTS = """
    catalogue_product (id, structure, is_public, upc, title, slug, description, product_class_id, date_created,
    date_updated, is_discountable, priority)
"""
_STOCK = """
    partner_stockrecord (id, product_id, partner_id, partner_sku, price_currency, price, num_in_stock, date_created,
    date_updated)
"""


def fill(cluster: Cluster, database: str, products: int) -> None:
    """An oscar with its tables, and so many products of one class, each with a category, a price and a stock."""
    environment = serving.oscar_environment(cluster, database, 0)
    migrate = partial(
        serving.python_of, environments.oscar(), "-m", "django", "migrate", "-v0", environment=environment
    )
    cluster.remembered(database, environments.oscar().parents[1] / "migrated.sql", migrate)
    with psycopg.connect(cluster.address(database), autocommit=True) as connection:
        with connection.cursor() as cursor, connection.transaction():
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in _FIXED:
                cursor.execute(statement.encode())
            _copy(cursor, _PRODUCTS, _products(products))
            numbers = range(1, products + 1)
            _copy(
                cursor,
                "catalogue_productcategory (product_id, category_id)",
                ((n, n % CATEGORIES + 1) for n in numbers),
            )
            _copy(cursor, _STOCK, _stock(products))
        connection.execute("VACUUM (ANALYZE)")


def _products(count: int) -> Iterator[tuple[Any, ...]]:
    began, titles = datetime.now(UTC) - timedelta(days=1100), Vocabulary(np.random.default_rng(SEED)).titles(count)
    for n, title in enumerate(titles, 1):
        at = began + timedelta(days=1100 * n / (count + 1))
        yield n, "standalone", True, f"work-{n}", title, f"work-{n}", "", 1, at, at, True, 0


def _stock(count: int) -> Iterator[tuple[Any, ...]]:
    amounts = np.clip(np.exp(np.random.default_rng(SEED).normal(4.1, 1.0, count)), 3, 90_000).astype(int)
    now = datetime.now(UTC)
    for n, amount in enumerate(amounts.tolist(), 1):
        yield n, n, 1, f"work-{n}", "EUR", amount, 10, now, now


def _copy(cursor: "psycopg.Cursor[Any]", table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
