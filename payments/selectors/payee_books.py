"""Whether shares, transfers, reversals and payees' accounts, the ledger and the provider say the same.

Each difference is one sentence. What is on its way counts on both sides: a transfer that was asked for is no longer
owed though not posted yet, and so is a refund that the provider has not made.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Cast, Coalesce

from marketplace.core.money import Money
from payments import gateway, ledger
from payments.errors import AccountUnknown
from payments.gateway import AccountSnapshot, TransferSnapshot
from payments.models import Dispute, Entry, PayoutAccount, Posting, Refund, Reversal, Share, Transfer

State = Transfer.State
Claims = Counter[tuple[str, str]]
"""Minor units by payee (their id) and currency."""
_PAYEE = ledger.payee("")


def differences_of_payees() -> Iterator[str]:
    """Everything that differs, ours first and then the provider's. Raises GatewayUnavailable, GatewayRefused."""
    yield from _claims()
    yield from _sums()
    yield from _unposted()
    yield from _transfers_at_provider()
    yield from _accounts_at_provider()


def _claims() -> Iterator[str]:
    """What each payee is owed by the shares, and by the ledger."""
    posted, owed = _posted(), _owed()
    for who, currency in sorted(posted.keys() | owed.keys()):
        by_ledger, by_shares = (Money(claims[who, currency], currency) for claims in (posted, owed))
        if by_ledger != by_shares:
            yield f"payee {who}: the ledger owes them {by_ledger}, their shares {by_shares}"


def _posted() -> Claims:
    lines = Posting.objects.filter(account__code__startswith=_PAYEE).values_list("account__code", "account__currency")
    totals = lines.annotate(total=Sum("amount")).order_by()
    return Counter({(code.removeprefix(_PAYEE), currency): -total for code, currency, total in totals if total})


def _owed() -> Claims:
    """By the shares, put right by what they count already and the ledger does not."""
    owed: Claims = Counter()

    def add(sign: int, rows: Iterable[tuple[UUID, str, int]]) -> None:
        for payee, currency, total in rows:
            owed[str(payee), currency] += sign * total

    left = F("amount") - F("refunded") - F("transferred")
    add(1, Share.objects.values_list("payee", "payment__currency").annotate(total=Sum(left)).order_by())
    sent = Transfer.objects.filter(state=State.REQUESTED).values_list("share__payee", "share__payment__currency")
    add(1, sent.annotate(total=Sum("amount")).order_by())
    back = Reversal.objects.filter(state=State.REQUESTED)
    rows = back.values_list("transfer__share__payee", "transfer__share__payment__currency")
    add(-1, rows.annotate(total=Sum("amount")).order_by())
    for share, amount in _counted_before_posted():
        owed[str(share.payee_id), share.payment.currency] += amount
    return Counter({key: amount for key, amount in owed.items() if amount})


def _counted_before_posted() -> Iterator[tuple[Share, int]]:
    """Parts of refunds and disputes that shares count as gone from the request on, the ledger when they have moved."""
    refunds = Refund.objects.exclude(state=Refund.State.FAILED).filter(~_has_entry("refund", "pk"))
    disputes = Dispute.objects.filter(~_has_entry("dispute_lost", "stripe_id"), is_withheld=True)
    for parts in [*refunds.values_list("parts", flat=True), *disputes.values_list("parts", flat=True)]:
        amounts = {key: amount for key, amount in parts if _names_share(key)}
        for share in Share.objects.filter(pk__in=list(amounts)).select_related("payment"):
            yield share, amounts[str(share.pk)]


def _names_share(key: object) -> bool:
    try:
        UUID(str(key))
    except ValueError:  # the house's part, the tax's, or nobody's
        return False
    return True


def _has_entry(kind: str, reference: str) -> Exists:
    return Exists(Entry.objects.filter(kind=kind, reference=Cast(OuterRef(reference), CharField())))


def _sums() -> Iterator[str]:
    """What a share counts as sent, and its transfers; what a transfer counts as taken back, and its reversals."""
    alive = ~Q(transfers__state=State.REFUSED)
    sent = Coalesce(Sum(F("transfers__amount") - F("transfers__reversed"), filter=alive), 0)
    for share in Share.objects.select_related("payment").annotate(sent=sent).exclude(transferred=F("sent")):
        yield f"share {share.pk}: {share.transferred} counted as sent, its transfers make {share.sent}"
    back = Coalesce(Sum("reversals__amount", filter=~Q(reversals__state=State.REFUSED)), 0)
    for transfer in Transfer.objects.annotate(back=back).exclude(reversed=F("back")):
        yield f"transfer {transfer.pk}: {transfer.reversed} counted as taken back, its reversals make {transfer.back}"


def _unposted() -> Iterator[str]:
    for model, kind in ((Transfer, "transfer"), (Reversal, "reversal")):
        missing = model._default_manager.filter(~_has_entry(kind, "pk"), state=State.MADE)
        for pk in missing.values_list("pk", flat=True):
            yield f"{kind} {pk} was made and is not in the ledger"


def _transfers_at_provider() -> Iterator[str]:
    since = Transfer.objects.aggregate(first=Min("created_at"))["first"]
    if since is None:
        return
    seen_ids = set()
    for seen in gateway.transfers_since(since):
        seen_ids.add(seen.id)
        yield from _differences_of_transfer(seen)
    for transfer_id, stripe_id in Transfer.objects.filter(state=State.MADE).values_list("pk", "stripe_id"):
        if stripe_id not in seen_ids:
            yield f"transfer {transfer_id}: the provider does not know {stripe_id}"


def _differences_of_transfer(seen: TransferSnapshot) -> Iterator[str]:
    ours = Transfer.objects.select_related("share__payment").filter(stripe_id=seen.id).first()
    if ours is None:
        whose = f"says it is transfer {seen.row_id}, which knows nothing of it" if seen.row_id else "is none of ours"
        yield f"{seen.id} ({Money(seen.amount, seen.currency)} to {seen.destination}) {whose}"
        return
    amount, theirs = Money(ours.amount, ours.share.payment.currency), Money(seen.amount, seen.currency)
    if amount != theirs:
        yield f"transfer {ours.pk}: we say {amount}, the provider says {theirs}"
    back = ours.reversals.filter(state=State.MADE).aggregate(total=Sum("amount"))["total"] or 0
    if back != seen.reversed:
        yield f"transfer {ours.pk}: we took back {back}, the provider says {seen.reversed}"


def _accounts_at_provider() -> Iterator[str]:
    rows = PayoutAccount.objects.exclude(disabled_reason=PayoutAccount.CLOSED)
    for account in rows.filter(stripe_id__isnull=False).iterator():
        try:
            yield from _differences_of_account(account, gateway.retrieve_account(str(account.stripe_id)))
        except AccountUnknown:
            yield f"payout account {account.pk}: the provider does not let us see {account.stripe_id}"
    since: datetime | None = rows.aggregate(first=Min("created_at"))["first"]
    for seen in gateway.accounts_since(since) if since else ():
        if seen.row_id and not PayoutAccount.objects.filter(stripe_id=seen.id).exists():
            yield f"{seen.id} says it is of payout account {seen.row_id}, which knows nothing of it"


def _differences_of_account(account: PayoutAccount, seen: AccountSnapshot) -> Iterator[str]:
    for name in ("country", "transfers_active", "payouts_enabled", "details_submitted"):
        ours, theirs = getattr(account, name), getattr(seen, name)
        if ours != theirs:
            yield f"payout account {account.pk}: we say {name} {ours}, the provider says {theirs}"
