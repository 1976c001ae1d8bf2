"""The ledger's invariants hold whoever writes to it."""

import pytest
from django.db import Error, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from payments import ledger
from payments.ledger import Line, UnbalancedEntry
from payments.models import Account, Entry, Posting

amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


class BalanceSheet(TestCase):
    """Whatever is posted, all balances together are nothing."""

    @settings(deadline=None)
    @given(st.lists(amounts, min_size=1, max_size=5))
    def test_all_accounts_add_up_to_nothing(self, facts: list[list[int]]) -> None:
        before = Entry.objects.count()
        for number, parts in enumerate(facts):
            lines = [Line("stripe:balance", sum(parts))]
            lines += [Line(f"payee:{index}", -part) for index, part in enumerate(parts)]
            ledger.post_entry(kind="test", reference=f"{before}:{number}", currency="eur", lines=lines)
        total = sum(ledger.balance(account.code, "eur") for account in Account.objects.all())
        assert total == 0
        assert ledger.balance("stripe:balance", "eur") == sum(map(sum, facts))


def entry(reference: str = "1") -> Entry:
    with transaction.atomic():
        lines = [Line("stripe:balance", 100), Line("payee:a", -70), Line("platform:revenue", -30)]
        return ledger.post_entry(kind="test", reference=reference, currency="eur", lines=lines)


@pytest.mark.django_db
def test_the_same_fact_is_posted_once() -> None:
    assert entry().pk == entry().pk
    assert ledger.balance("payee:a", "eur") == -70


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [[], [Line("a", 0), Line("b", 0)], [Line("a", 5)], [Line("a", 5), Line("b", -4)]])
def test_an_unbalanced_entry_is_refused(lines: list[Line]) -> None:
    with pytest.raises(UnbalancedEntry):
        ledger.post_entry(kind="test", reference="x", currency="eur", lines=lines)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_posted_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.post_entry(kind="test", reference="x", currency="eur", lines=[Line("a", 1), Line("b", -1)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("amounts", [[100], [100, -99]])
def test_the_database_itself_refuses_what_does_not_balance(amounts: list[int]) -> None:
    account = Account.objects.create(code="a", currency="eur", kind="asset")
    with pytest.raises(Error, match="does not balance"), transaction.atomic():
        made = Entry.objects.create(kind="forged", reference="1")
        Posting.objects.bulk_create(Posting(entry=made, account=account, amount=amount) for amount in amounts)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_an_entry_without_postings() -> None:
    with pytest.raises(Error, match="no lines"), transaction.atomic():
        Entry.objects.create(kind="forged", reference="1")
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_two_currencies_in_one_entry() -> None:
    euros, dollars = (Account.objects.create(code="a", currency=c, kind="asset") for c in ("eur", "usd"))
    with pytest.raises(Error, match="2 currencies"), transaction.atomic():
        made = Entry.objects.create(kind="forged", reference="1")
        Posting.objects.create(entry=made, account=euros, amount=1)
        Posting.objects.create(entry=made, account=dollars, amount=-1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_posting SET amount = amount * 2",
        "DELETE FROM payments_posting",
        "UPDATE payments_entry SET kind = 'other'",
        "DELETE FROM payments_entry",
        "UPDATE payments_account SET currency = 'usd'",
        "UPDATE payments_account SET code = 'payee:b' WHERE code = 'payee:a'",
    ],
)
def test_the_past_cannot_be_rewritten(statement: str) -> None:
    entry()
    with pytest.raises(Error, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ledger.balance("stripe:balance", "eur") == 100
