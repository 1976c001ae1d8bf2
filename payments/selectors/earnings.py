"""What a payee has earned, by currency and share by share, and where it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import ledger
from payments.models import Dispute, Payout, PayoutAccount, Posting, Reversal, Share, Transfer
from payments.selectors.owing import OWED, unsettled


@dataclass(slots=True)
class Earnings:
    """Where one payee's money in one currency is, in its minor units. What nothing is of is 0.

    Still with the house: `on_hold`, `due`, and `disputed` (a bank is deciding about it). `on_its_way` was asked of the
    provider; `transferred` has reached the payee's account there, less what was taken back; `owed_by_you` is set off
    against what comes.
    """

    currency: str
    on_hold: int = 0
    next_release: datetime | None = field(default=None)
    due: int = 0
    disputed: int = 0
    on_its_way: int = 0
    transferred: int = 0
    owed_by_you: int = 0

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)


def earnings_by_currency(payee: User) -> list[Earnings]:
    """One for each currency in which this person has earned anything, by its code."""
    found: dict[str, Earnings] = {}

    def of(currency: str) -> Earnings:
        return found.setdefault(currency, Earnings(currency))

    for currency in Share.objects.filter(payee=payee).values_list("payment__currency", flat=True).distinct():
        of(currency)
    for row in _open_by_currency(payee):
        one = of(row["payment__currency"])
        one.on_hold, one.next_release = row["held"] or 0, row["next_release"]
        one.due, one.disputed, one.owed_by_you = row["due"] or 0, row["disputed"] or 0, -(row["owing"] or 0)
    for currency, state, amount in _sent_by_currency(payee):
        if state == Transfer.State.MADE:
            of(currency).transferred += amount
        else:
            of(currency).on_its_way += amount
    return [found[currency] for currency in sorted(found)]


def shares_of(payee: User) -> QuerySet[Share]:
    """Every share of a person, newest first, with its payment."""
    return Share.objects.filter(payee=payee).select_related("payment").order_by("-pk")


def transfers_to(payee: User) -> QuerySet[Transfer]:
    """Every transfer to a person that was not refused, newest first, with its share and payment."""
    sent = Transfer.objects.filter(share__payee=payee).exclude(state=Transfer.State.REFUSED)
    return sent.select_related("share__payment").order_by("-pk")


def payouts_of(payee: User) -> QuerySet[Payout]:
    """Every payout to a person's bank, newest first."""
    return Payout.objects.filter(account__user=payee).order_by("-pk")


def payout_account_of(payee: User) -> PayoutAccount | None:
    """A person's account at the provider, if they have begun to open one."""
    return PayoutAccount.objects.filter(user=payee).first()


def disputed_among(shares: Sequence[Share]) -> set[UUID]:
    """The payments, of these shares, that a bank is deciding about: they wait until it has."""
    payments = {share.payment_id for share in shares}
    return set(Dispute.objects.filter(payment__in=payments, closed_at=None).values_list("payment", flat=True))


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of a payee's balance with the house: what was earned is positive, what left it negative."""

    at: datetime
    kind: str
    reference: str
    amount: Money
    balance: Money


def statement(payee: User, *, since: date, until: date) -> Iterator[StatementLine]:
    """The payee's account in the ledger from one day to another (both inclusive, UTC), by currency, oldest first."""
    postings = Posting.objects.filter(account__code=ledger.payee(payee.pk)).select_related("entry__payment", "account")
    before = postings.filter(entry__occurred_at__date__lt=since).values_list("account__currency")
    balances: dict[str, int] = {currency: -total for currency, total in before.annotate(Sum("amount")).order_by()}
    within = postings.filter(entry__occurred_at__date__gte=since, entry__occurred_at__date__lte=until)
    for line in within.order_by("account__currency", "entry__occurred_at", "pk").iterator(chunk_size=1000):
        currency, entry = line.account.currency, line.entry
        balances[currency] = balances.get(currency, 0) - line.amount
        yield StatementLine(
            at=entry.occurred_at,
            kind=entry.kind,
            reference=entry.payment.reference if entry.payment else entry.reference,
            amount=Money(-line.amount, currency),
            balance=Money(balances[currency], currency),
        )


def _open_by_currency(payee: User) -> Iterable[Any]:
    now = timezone.now()
    positive, waits = Q(amount__gt=F("refunded") + F("transferred")), Q(release_at=None) | Q(release_at__gt=now)
    disputed = Q(Exists(Dispute.objects.filter(payment=OuterRef("payment"), closed_at=None)))
    return (
        unsettled()
        .filter(payee=payee)
        .values("payment__currency")
        .annotate(
            held=Sum(OWED, filter=positive & waits),
            next_release=Min("release_at", filter=positive & waits),
            due=Sum(OWED, filter=positive & ~waits & ~disputed),
            disputed=Sum(OWED, filter=positive & ~waits & disputed),
            owing=Sum(OWED, filter=~positive),
        )
        .order_by()
    )


def _sent_by_currency(payee: User) -> Iterator[tuple[str, str, int]]:
    """Transfers and, against them, reversals: by currency and by whether the money has moved."""
    moved = Transfer.objects.filter(share__payee=payee).exclude(state=Transfer.State.REFUSED)
    yield from moved.values_list("share__payment__currency", "state").annotate(total=Sum("amount")).order_by()
    back = Reversal.objects.filter(transfer__share__payee=payee).exclude(state=Reversal.State.REFUSED)
    rows = back.values_list("transfer__share__payment__currency", "transfer__state").annotate(total=Sum("amount"))
    yield from ((currency, state, -amount) for currency, state, amount in rows.order_by())
