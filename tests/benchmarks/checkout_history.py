"""Orders that were owned long ago, with the rows that a purchase leaves, written as INSERT … SELECT.

NOT NULL, CHECK and UNIQUE hold while they are written. Triggers rest meanwhile, since row by row they take most of the
time; so the audit log is written here, and what they see to (every foreign key, every entry's balance) is asked
afterwards of all rows at once: `check_history`.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Price, Release, Sale, SaleKind, SaleState
from payments import ledger
from payments.models import Account

PRICE, HOUSE, FEE = 2500, 750, 63  # minor units: what was paid, what the house kept of it, what the provider kept
SIZE = 10_000  # editions of a release
ORDERS_OF_ONE = 10  # by each buyer
AGE_DAYS = 90
ARTISTS = 10

# One row for each order: the ids of all that belongs to it.
_WRITE = (
    """
    CREATE TEMP TABLE past ON COMMIT DROP AS SELECT n,
        uuidv7() AS edition, uuidv7() AS payment, uuidv7() AS order_id, uuidv7() AS ownership,
        uuidv7() AS acquisition, uuidv7() AS share, uuidv7() AS transfer,
        buyer, now() - %(age)s * interval '1 day' AS at
    FROM generate_series(1, %(size)s) AS n
    JOIN unnest(%(buyers)s::uuid[]) WITH ORDINALITY AS given (buyer, place) ON place = 1 + (n - 1) / %(each)s
    """,
    """
    INSERT INTO listings_edition (id, created_at, updated_at, release_id, number, state)
    SELECT edition, at, at, %(release)s, n, 'sold' FROM past ORDER BY n
    """,
    """
    INSERT INTO payments_payment (id, created_at, updated_at, payer_id, amount, currency, reference, capture_method,
        tax_amount, tax_reference, tax_inclusive, is_taxable, paid_with, state,
        intent_id, client_secret, charge_id, action_url, fee, confirmations,
        last_error_code, last_error_message, splits, hold_seconds, authorised_at, captured_at)
    SELECT payment, at, at, buyer, %(price)s, 'eur', 'order:' || order_id, 'automatic', 0, '', true, true, '',
        'captured', 'pi_' || payment, 'pi_' || payment || '_secret', 'ch_' || payment, '', %(fee)s, 0, '', '',
        jsonb_build_array(jsonb_build_array('platform', 'house', %(house)s::int),
                          jsonb_build_array(%(seller)s, 'artist', %(price)s - %(house)s)), 604800, at, at
    FROM past ORDER BY n
    """,
    """
    INSERT INTO orders_order (id, created_at, updated_at, buyer_id, seller_id, sale_id, edition_id, licence_id,
        price_amount, currency, payment_id, state, reason, reserved_until, paid_at)
    SELECT order_id, at, at, buyer, %(seller)s, %(sale)s, edition, 'personal', %(price)s, 'eur', payment, 'owned',
        '', at + interval '10 minutes', at
    FROM past ORDER BY n
    """,
    """
    INSERT INTO orders_ownership (id, created_at, updated_at, edition_id, owner_id, licence_id, source, acquired_at,
        shown_as)
    SELECT ownership, at, at, edition, buyer, 'personal', 'order:' || order_id, at, '' FROM past ORDER BY n
    """,
    """
    INSERT INTO orders_acquisition (id, created_at, updated_at, edition_id, step, owner_id, licence_id, source)
    SELECT acquisition, at, at, edition, 1, buyer, 'personal', 'order:' || order_id FROM past ORDER BY n
    """,
    """
    INSERT INTO generation_holder (artwork_id, user_id, since)
    SELECT DISTINCT %(artwork)s::uuid, buyer, at FROM past
    """,
    """
    INSERT INTO payments_share (id, created_at, updated_at, payment_id, payee_id, role, amount, refunded, transferred,
        release_at)
    SELECT share, at, at, payment, %(seller)s, 'artist', %(price)s - %(house)s, 0, %(price)s - %(house)s,
        at + interval '7 days'
    FROM past ORDER BY n
    """,
    """
    INSERT INTO payments_transfer (id, created_at, updated_at, share_id, amount, reversed, state, stripe_id, failure)
    SELECT transfer, at, at, share, %(price)s - %(house)s, 0, 'made', 'tr_' || share, '' FROM past ORDER BY n
    """,
    """
    INSERT INTO payments_gatewaycall (id, created_at, updated_at, subject, payment_id, operation, number, key,
        parameters, state, tries, answer, error)
    SELECT uuidv7(), at, at, 'payment:' || payment, payment, operation, 1, payment || ':' || operation || ':1',
        jsonb_build_object('amount', %(price)s::int, 'currency', 'eur'), 'done', 1, 'pi_' || payment, ''
    FROM past, unnest(ARRAY['create', 'confirm']) AS operation ORDER BY n
    """,
    """
    WITH entries AS (
        INSERT INTO payments_entry (kind, reference, payment_id, occurred_at)
        SELECT kind, CASE kind WHEN 'transfer' THEN share ELSE payment END::text, payment, at
        FROM past, unnest(ARRAY['capture', 'fee', 'transfer']) AS kind ORDER BY n
        RETURNING id, kind)
    INSERT INTO payments_posting (entry_id, account_id, amount)
    SELECT entries.id, account, line.amount FROM entries JOIN (VALUES
        ('capture', %(balance)s::bigint, %(price)s::int), ('capture', %(revenue)s, -%(house)s),
        ('capture', %(payee)s, %(house)s - %(price)s), ('fee', %(fees)s, %(fee)s), ('fee', %(balance)s, -%(fee)s),
        ('transfer', %(payee)s, %(price)s - %(house)s), ('transfer', %(balance)s, %(house)s - %(price)s)
    ) AS line (kind, account, amount) ON line.kind = entries.kind
    """,
    """
    INSERT INTO accounts_notification (id, person_id, kind, key, title, body, link, email_tries, email_error, read_at)
    SELECT uuidv7(), buyer, 'order.delivered', order_id::text, 'Yours', '', '/orders/' || order_id || '/', 0, '', at
    FROM past ORDER BY n
    """,
)
_AUDITED = {
    "payments_payment": "payment", "orders_order": "order_id", "orders_ownership": "ownership",
    "orders_acquisition": "acquisition", "payments_share": "share", "payments_transfer": "transfer",
}  # fmt: skip
_AUDIT = """
    INSERT INTO core_audit ("table", row_id, operation, after, source, request_id, transaction, at)
    SELECT '{table}', one.id, 'insert', to_jsonb(one) - 'id' - 'updated_at' - 'client_secret', 'history', '', 0, past.at
    FROM past JOIN {table} AS one ON one.id = past.{key} ORDER BY n
"""
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname
    FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
    JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1] WHERE contype = 'f'
"""
_UNBALANCED = """
    SELECT count(*) FROM (SELECT FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
    GROUP BY entry_id HAVING sum(amount) <> 0 OR count(*) < 2 OR count(DISTINCT a.currency) <> 1) AS entries
"""


def write_history(orders: int, artist: Artist) -> None:
    """Have at least so many owned orders in the tables, in whole releases; a tenth of them sold by `artist`."""
    from marketplace.orders.models import Order

    missing = -(-(orders - Order.objects.count()) // SIZE)
    if missing <= 0:
        return
    artists = _artists(artist)
    buyers = _people(missing * SIZE // ORDERS_OF_ONE)
    for number in range(missing):
        begin = number * SIZE // ORDERS_OF_ONE
        _write(artists[number % len(artists)], buyers[begin : begin + SIZE // ORDERS_OF_ONE], number)
    check_history()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def check_history() -> None:
    """Raises AssertionError where a row refers to nothing, or an entry of the ledger does not balance."""
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)
        for table, column, other, key in cursor.fetchall():
            missing = f"SELECT FROM {other} AS far WHERE far.{key} = near.{column}"
            cursor.execute(
                f"SELECT count(*) FROM {table} AS near WHERE near.{column} IS NOT NULL AND NOT EXISTS ({missing})"
            )
            assert cursor.fetchone() == (0,), f"{table}.{column} refers to what is not there"
        cursor.execute(_UNBALANCED)
        assert cursor.fetchone() == (0,), "entries that do not balance"


def _artists(first: Artist) -> list[Artist]:
    from tests.gallery import hanging

    names = [f"Past Artist {number}" for number in range(1, ARTISTS)]
    known = {one.name: one for one in Artist.objects.filter(name__in=names)}
    return [first, *(known.get(name) or hanging.artist(name) for name in names)]


def _people(count: int) -> Sequence[UUID]:
    before = User.objects.count()
    people = (User(email=f"past{before + number}@crowd.test", display_name="Past") for number in range(count))
    return [person.pk for person in User.objects.bulk_create(people, batch_size=5000)]


@transaction.atomic
def _write(artist: Artist, buyers: Sequence[UUID], number: int) -> None:
    """One release that is sold out, and all its orders."""
    from tests.gallery import hanging

    work, seller = hanging.work(artist.user), artist.user
    release = Release.objects.create(
        artist=artist, artwork=work, title=f"Past {number}", size=SIZE, numbered=SIZE, royalty_bps=1000
    )
    sale = Sale.objects.create(kind=SaleKind.FIXED, seller=seller, release=release, state=SaleState.ENDED)
    Price.objects.create(sale=sale, licence_id="personal", currency="eur", amount=PRICE)
    values: dict[str, Any] = {
        "buyers": list(buyers), "each": ORDERS_OF_ONE, "size": SIZE, "age": AGE_DAYS, "release": release.pk,
        "artwork": work.pk, "sale": sale.pk, "seller": seller.pk, "price": PRICE, "house": HOUSE, "fee": FEE,
        **dict(_accounts(seller.pk)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in _WRITE:
            cursor.execute(statement, values)
        for table, key in _AUDITED.items():
            cursor.execute(_AUDIT.format(table=table, key=key))


def _accounts(seller: UUID) -> Iterator[tuple[str, int]]:
    """The ledger's accounts, by what they are called above."""
    kinds = {
        "balance": (ledger.STRIPE_BALANCE, Account.Kind.ASSET), "revenue": (ledger.PLATFORM_REVENUE, "revenue"),
        "fees": (ledger.FEES, "expense"), "payee": (ledger.payee(seller), "liability"),
    }  # fmt: skip
    for name, (code, kind) in kinds.items():
        account, _ = Account.objects.get_or_create(code=code, currency="eur", defaults={"kind": kind})
        yield name, account.pk
