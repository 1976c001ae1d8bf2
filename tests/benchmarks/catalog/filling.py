"""`python -m tests.benchmarks.catalog.filling LISTINGS`: so many works on the wall of the house at DATABASE_URL.

What is offered comes in by COPY; the rows that the product would have written of it are made of that by INSERT …
SELECT: people, jobs, works, their files, releases, editions, sales, prices, auctions. NOT NULL, CHECK and UNIQUE hold
while they are written. Triggers rest meanwhile, since row by row they take most of the time; that every foreign key
leads somewhere is asked afterwards of all rows at once.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import django
from psycopg import sql

PARTS = ("filling", "wishes", "words", "looks", "cards", "standins")  # what decides how a house is filled
_ARTISTS = """
    CREATE TEMP TABLE artist (n int PRIMARY KEY, name text, person uuid DEFAULT uuidv7(), id uuid DEFAULT uuidv7())
"""
_OFFERS = """
    CREATE TEMP TABLE offer (n int PRIMARY KEY, title text, artist int, engine text, width int, height int, size int,
        sold int, kind text, amount bigint, currencies text, licences text, closes float8, ended bool, age float8,
        seed bigint, phash bigint)
"""
_LOOKS = "CREATE TEMP TABLE look (n int PRIMARY KEY, style halfvec, colour halfvec, families int)"
# One row for each work: the ids of all that belongs to it. Their time is in them, so they sort as they would have.
_PAST = """
    CREATE UNLOGGED TABLE bench_past AS SELECT offer.*, artist.name, ago.at, artist.person, artist.id AS artist_id,
        uuidv7(-ago.since) AS job, uuidv7(-ago.since) AS artwork, uuidv7(-ago.since) AS release,
        uuidv7(-ago.since) AS sale, uuidv7(-ago.since) AS single, now() + closes * interval '1 day' AS ends_at,
        ARRAY(SELECT family FROM unnest(%s::text[]) WITH ORDINALITY AS named (family, place)
            WHERE look.families & (1 << (place::int - 1)) <> 0 ORDER BY place) AS colours,
        translate(encode(uuid_send(uuidv7()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'),
            E'\n', '') AS placeholder
    FROM offer JOIN look ON look.n = offer.n JOIN artist ON artist.n = offer.artist,
    LATERAL (SELECT age * interval '1 day' AS since, now() - age * interval '1 day' AS at) AS ago ORDER BY offer.n
"""
_WRITE = (
    """
    INSERT INTO accounts_user (id, password, is_superuser, email, display_name, tax_country, is_staff, is_active,
        date_joined)
    SELECT person, '!', false, 'artist' || n || '@catalogue.test', name, '', false, true, now() FROM artist
    """,
    """
    INSERT INTO accounts_artist (id, created_at, updated_at, user_id, slug, name, bio, links, state, suspended_for)
    SELECT id, now(), now(), person, 'artist-' || n, name, '', '{}', 'approved', '' FROM artist
    """,
    """
    INSERT INTO generation_job (id, created_at, updated_at, owner_id, engine, engine_version, parameters, inputs, seed,
        title, artist_id, as_proof, purpose, model_hash, queue, priority, turn, batch_key, memory, available_at, state,
        progress, stage, preview_key, worker, attempt, faults, error_code, error_detail, finished_at, request_id,
        traceparent)
    SELECT job, at, at, person, engine, '1', '{}', '[]', seed, title, artist_id, false, 'work', '', 'cpu', 0, 0, '', 0,
        at, 'succeeded', 1, '', '', '', 1, 0, '', '', at, '', ''
    FROM bench_past
    """,
    """
    INSERT INTO generation_artwork (id, created_at, updated_at, job_id, title, maker_id, owner_id, artist_id,
        visibility, hung_at, engine, engine_version, medium, model_hash, seed, recipe, pixels_sha256, phash, width,
        height, frames, duration_ms, placeholder)
    SELECT artwork, at, at, job, title, person, person, artist_id, 'wall', at, engine, '1',
        CASE WHEN engine = 'gan-walk' THEN 'animation' ELSE 'image' END, '', seed,
        jsonb_build_object('engine', engine, 'engine_version', '1', 'seed', seed, 'parameters', '{}'::jsonb),
        '', phash, width, height, CASE WHEN engine = 'gan-walk' THEN 48 ELSE 1 END,
        CASE WHEN engine = 'gan-walk' THEN 4000 ELSE 0 END,
        placeholder
    FROM bench_past
    """,
    """
    INSERT INTO generation_artworkfile (artwork_id, role, format, width, height, bytes, sha256, bucket, key, is_marked)
    SELECT artwork, role, format, wide, wide * height / width, wide * wide / 8, digest, bucket,
        role || 's/' || digest || '.' || format, false
    FROM bench_past CROSS JOIN (VALUES
        ('original', 'png', 0, 'private'), ('thumbnail', 'webp', 240, 'public'),
        ('preview', 'webp', 320, 'public'), ('preview', 'avif', 320, 'public'),
        ('preview', 'webp', 640, 'public'), ('preview', 'avif', 640, 'public'),
        ('preview', 'webp', 0, 'public'), ('preview', 'avif', 0, 'public')
    ) AS file (role, format, asked, bucket),
    LATERAL (SELECT coalesce(nullif(asked, 0), width) AS wide) AS sized,
    LATERAL (SELECT replace(artwork::text, '-', '') || lpad(left(encode(role::bytea, 'hex'), 16), 16, '0')
        || lpad(encode(format::bytea, 'hex'), 8, '0') || lpad(wide::text, 8, '0') AS digest) AS made
    """,
    """
    INSERT INTO generation_artworklook (artwork_id, style, colour, colours, network, version, seen_at)
    SELECT artwork, style, colour, colours, %(network)s, %(version)s, at FROM bench_past JOIN look USING (n)
    """,
    """
    INSERT INTO gallery_hunglook (artwork_id, style, colour, version)
    SELECT artwork, style, colour, %(version)s FROM bench_past JOIN look USING (n)
    """,
    """
    INSERT INTO listings_release (id, created_at, updated_at, artist_id, artwork_id, engine, parameters, title,
        description, size, numbered, royalty_bps)
    SELECT release, at, at, artist_id, artwork, '', '{}', title, '', size, size, 1000 FROM bench_past
    """,
    """
    INSERT INTO listings_edition (id, created_at, updated_at, release_id, number, state)
    SELECT CASE number WHEN 1 THEN single ELSE uuidv7() END, at, at, release, number,
        CASE WHEN number <= sold THEN 'sold' ELSE 'free' END
    FROM bench_past, generate_series(1, size) AS number
    """,
    """
    INSERT INTO listings_sale (id, created_at, updated_at, kind, seller_id, release_id, edition_id, state, opens_at,
        closes_at, takes_offers, is_private, ended_at)
    SELECT sale, at, at, kind, person, CASE WHEN kind <> 'english' THEN release END,
        CASE WHEN kind = 'english' THEN single END, CASE WHEN ended THEN 'ended' ELSE 'open' END, at,
        ends_at, kind = 'fixed' AND mod(n, 4) = 0, false, CASE WHEN ended THEN now() END
    FROM bench_past
    """,
    """
    INSERT INTO listings_price (id, created_at, updated_at, sale_id, licence_id, currency, amount)
    SELECT uuidv7(), at, at, sale, licence, currency, amount * CASE licence WHEN 'commercial' THEN 3 ELSE 1 END
    FROM bench_past, unnest(string_to_array(currencies, ',')) AS currency,
        unnest(string_to_array(licences, ',')) AS licence
    WHERE kind = 'fixed'
    """,
    """
    INSERT INTO listings_auction (id, created_at, updated_at, sale_id, licence_id, currency, start_amount,
        extension_seconds)
    SELECT uuidv7(), at, at, sale, licences, currencies, amount, 900 FROM bench_past WHERE kind = 'english'
    """,
    """
    INSERT INTO listings_falling (id, created_at, updated_at, sale_id, licence_id, currency, amounts, step_seconds,
        rebates)
    SELECT uuidv7(), at, at, sale, licences, currencies, ARRAY[amount * 3, amount * 2, amount], 86400, true
    FROM bench_past WHERE kind = 'dutch'
    """,
)
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname
    FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
    JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1] WHERE contype = 'f'
"""


def main(listings: int) -> None:
    """Fill an empty house."""
    django.setup()
    from gallery.services.cards import recount_facets
    from tests.benchmarks.catalog import cards, wishes

    offer = wishes.Offer(listings)
    write(offer)
    check()
    _say(f"{listings} listings: written")
    _vacuum()
    cards.write_cards(listings)
    recount_facets()
    _say(f"{listings} listings: cards drawn, facets counted")
    _vacuum()
    cards.check_cards()


def write(offer: Any) -> None:
    """Write everything but cards."""
    from django.db import connection, transaction

    from generation.engines.looks import declarations
    from tests.benchmarks.catalog import looks, wishes

    with transaction.atomic(), connection.cursor() as cursor, _defaults(cursor):
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in (_ARTISTS, _OFFERS, _LOOKS):
            cursor.execute(table)
        _copy(cursor, "artist (n, name)", wishes.artists(offer))
        rows = wishes.Noted(wishes.listings(offer))
        _copy(cursor, f"offer ({', '.join(wishes.COLUMNS)})", rows)
        widths = (declarations.STYLE_WIDTH, declarations.COLOUR_WIDTH)
        with cursor.copy("COPY look FROM STDIN (FORMAT binary)") as copy:
            for data in looks.binary(rows.engines, rows.artists, widths, len(declarations.FAMILIES)):
                copy.write(data)
        cursor.execute(_PAST, [list(declarations.FAMILIES)])
        cursor.execute("ALTER TABLE bench_past ADD PRIMARY KEY (n)")
        cursor.execute("ANALYZE bench_past")
        indexes = drop_indexes(cursor, "gallery_hunglook")
        values: dict[str, Any] = {"network": declarations.NETWORK, "version": declarations.VERSION}
        for statement in _WRITE:
            cursor.execute(statement, values)
        for index in indexes:
            cursor.execute(index)


def drop_indexes(cursor: Any, table: str) -> list[str]:
    """Drop all but the primary key; returns what builds them again: at once, which is quicker than row by row."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'", [table]
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


@contextmanager
def _defaults(cursor: Any) -> Iterator[None]:
    """What models fill in where nothing is said the database fills in meanwhile: columns not named here."""
    from django.apps import apps
    from django.db.models import BooleanField, CharField, IntegerField, TextField

    written = {statement.split()[2] for statement in _WRITE}
    columns = {
        (model._meta.db_table, field.column): field.get_default()
        for model in apps.get_models()
        for field in model._meta.local_fields
        if model._meta.db_table in written
        and isinstance(field, BooleanField | CharField | IntegerField | TextField)
        and not (field.null or field.primary_key or field.has_db_default())
    }
    usual = {place: value for place, value in columns.items() if value is not None}
    change = sql.SQL("ALTER TABLE {} ALTER {} ")
    for place, value in usual.items():
        cursor.execute(
            change.format(*(sql.Identifier(str(name)) for name in place)) + sql.SQL("SET DEFAULT {}").format(value)
        )
    yield
    for place in usual:
        cursor.execute(change.format(*(sql.Identifier(str(name)) for name in place)) + sql.SQL("DROP DEFAULT"))


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def check() -> None:
    """Raises AssertionError where a row refers to nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)
        for table, column, other, key in cursor.fetchall():
            there = f"SELECT FROM {other} AS far WHERE far.{key} = near.{column}"
            cursor.execute(
                f"SELECT count(*) FROM {table} AS near WHERE near.{column} IS NOT NULL AND NOT EXISTS ({there})"
            )
            assert cursor.fetchone() == (0,), f"{table}.{column} refers to what is not there"


def _vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _say(told: str) -> None:
    print(f"[{monotonic():.0f}] {told}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    main(int(sys.argv[1]))
