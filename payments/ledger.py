"""The double-entry ledger: every movement of money, posted once, in the transaction that causes it.

Debits are positive and credits negative, so an entry's lines add up to nothing. What a person has earned is a credit
on `payee:<user>`, a liability: the house owes it until it is transferred. An entry is in one currency.

| what happened            | debit                             | credit                                         |
|--------------------------|-----------------------------------|------------------------------------------------|
| capture                  | stripe:balance                    | payee:… , platform:revenue, tax:collected      |
| fee                      | fees:stripe                       | stripe:balance                                 |
| transfer                 | payee:…                           | stripe:balance                                 |
| reversal                 | stripe:balance                    | payee:…                                        |
| refund                   | payee:…, platform:revenue, tax:…  | stripe:balance (refund_failed: the contrary)   |
|   given otherwise        | as above                          | bank:house                                     |
| dispute_withdrawn        | receivable:disputes               | stripe:balance                                 |
| dispute_reinstated (won) | stripe:balance                    | receivable:disputes                            |
| dispute_lost             | payee:…, platform:revenue, tax:…  | receivable:disputes                            |
| own_payout               | bank:house                        | stripe:balance (own_payout_failed: contrary)   |
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from payments.models import Account, Entry, Payment, Posting

HOUSE = "platform"  # who the house is among those with a part
STRIPE_BALANCE = "stripe:balance"
PLATFORM_REVENUE = "platform:revenue"
FEES = "fees:stripe"
BANK = "bank:house"  # what the provider has sent there of the house's own
TAX = "tax:collected"
DISPUTED = "receivable:disputes"  # withheld by banks until they decide
UNASSIGNED = "suspense:unassigned"  # money that came without our asking, until a person says whose it is


class UnbalancedEntry(ValueError):
    """The lines of an entry do not add up to nothing, or there are fewer than two."""


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to be: debit positive, credit negative."""

    account: str
    amount: int


def post_entry(
    *, kind: str, reference: str, currency: str, lines: Sequence[Line], payment: Payment | None = None
) -> Entry:
    """Post one fact; posting the same (kind, reference) again changes nothing.

    Must be called inside the transaction that makes the fact. Raises UnbalancedEntry.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry belongs to the transaction that causes it")
    lines = [line for line in lines if line.amount]
    if len(lines) < 2 or sum(line.amount for line in lines) != 0:
        raise UnbalancedEntry(f"{kind} {reference}: {lines}")
    entry, is_new = Entry.objects.get_or_create(kind=kind, reference=reference, defaults={"payment": payment})
    if is_new:
        accounts = _accounts({line.account for line in lines}, currency)
        Posting.objects.bulk_create(
            Posting(entry=entry, account=accounts[line.account], amount=line.amount) for line in lines
        )
    return entry


def payee(user_id: UUID | str) -> str:
    """The account of what a person has earned."""
    return f"payee:{user_id}"


def credit_lines(splits: Iterable[tuple[str, str, int]], tax: int, received: int) -> list[Line]:
    """Who is credited: as was asked at capture; what nobody asked for waits for a person to look at it."""
    lines = [Line(PLATFORM_REVENUE if who == HOUSE else payee(who), -amount) for who, _, amount in splits]
    lines = [line for line in [*lines, Line(TAX, -tax)] if line.amount]
    if sum(line.amount for line in lines) + received:
        return [Line(UNASSIGNED, -received)]
    return lines


def fee_lines(amount: int) -> list[Line]:
    """What the provider kept."""
    return [Line(FEES, amount), Line(STRIPE_BALANCE, -amount)]


def balance(code: str, currency: str) -> int:
    """Debits less credits of an account, in minor units; 0 for one that does not exist."""
    postings = Posting.objects.filter(account__code=code, account__currency=currency)
    return int(postings.aggregate(total=Sum("amount"))["total"] or 0)


def _accounts(codes: Collection[str], currency: str) -> dict[str, Account]:
    """The accounts by their codes; those that nothing was posted to yet are made, in the order of their codes."""
    accounts = {one.code: one for one in Account.objects.filter(code__in=codes, currency=currency)}
    for code in sorted(set(codes) - accounts.keys()):
        accounts[code], _ = Account.objects.get_or_create(code=code, currency=currency, defaults={"kind": _kind(code)})
    return accounts


def _kind(code: str) -> str:
    kinds = {
        "stripe": Account.Kind.ASSET,
        "bank": Account.Kind.ASSET,
        "receivable": Account.Kind.ASSET,
        "platform": Account.Kind.REVENUE,
        "fees": Account.Kind.EXPENSE,
    }
    return kinds.get(code.partition(":")[0], Account.Kind.LIABILITY)
