"""What goes back, divided among those whose it is, to the last cent."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext

from marketplace.core.money import split
from payments.errors import RefundTooLarge
from payments.models import Dispute, Payment, Share
from payments.selectors.parts import HOUSE, Key, parts_left, read, written


def divide(left: Mapping[Key, int], amount: int) -> dict[Key, int]:
    """`amount` in proportion to what is left of each part. Raises RefundTooLarge."""
    whole = sum(left.values())
    if not 0 < amount <= whole:
        raise too_large(amount, whole)
    keys = [key for key, part in left.items() if part > 0]
    # No part can be more than what is left of it: the amount is at most the whole.
    parts = split(amount, [left[key] for key in keys])
    return {key: part for key, part in zip(keys, parts, strict=True) if part}


def chosen(left: Mapping[Key, int], wanted: Mapping[UUID | str | None, int]) -> dict[Key, int]:
    """The parts that a caller names. Raises RefundTooLarge; ValueError for a negative one."""
    parts: dict[Key, int] = {None if key is None else str(key): amount for key, amount in wanted.items() if amount}
    if min(parts.values(), default=0) < 0:
        raise ValueError(f"{wanted} has a negative part")
    for key, amount in parts.items():
        if amount > left.get(key, 0):
            raise too_large(amount, left.get(key, 0))
    return parts


def too_large(amount: int, left: int) -> RefundTooLarge:
    """The refusal of more than there is."""
    return RefundTooLarge(
        gettext("%(amount)s cannot be given back: %(left)s is left.") % {"amount": amount, "left": left}, left=left
    )


def withhold(payment: Payment, parts: Mapping[Key, int], sign: int = 1) -> dict[UUID, int]:
    """Count parts as gone from their shares, or with -1 as there again; what was counted, by share.

    The payment must be locked; shares are, by their keys.
    """
    shares = payment.shares.select_for_update(of=("self",), no_key=True).order_by("pk")
    counted = {share.pk: parts[str(share.pk)] for share in shares if str(share.pk) in parts}
    for share_id, amount in counted.items():
        Share.objects.filter(pk=share_id).update(refunded=F("refunded") + sign * amount)
    return counted


def withhold_disputed(payment: Payment, dispute: Dispute) -> dict[UUID, int]:
    """Count what a bank withholds as gone; beyond what was left of the payment it is the house's loss. Saved with it.

    Done again for a dispute that has its parts, it is divided anew: a refund that failed leaves more to take from.
    """
    withhold(payment, read(dispute.parts), -1)
    dispute.parts = []
    Dispute.objects.filter(pk=dispute.pk).update(parts=[])
    left = parts_left(payment)
    amount = min(dispute.amount, sum(left.values()))
    parts = divide(left, amount) if amount > 0 else {}
    if beyond := dispute.amount - sum(parts.values()):
        parts[HOUSE] = parts.get(HOUSE, 0) + beyond
    dispute.parts = written(parts)
    return withhold(payment, parts)
