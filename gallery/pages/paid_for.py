"""What payments were for, in a seller's words: rooms below know only the reference, such as order:<id>."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from marketplace.commissions.models import Brief, Commission
from marketplace.orders.models import Order
from payments.models import Payment


def what_was_paid_for(payments: Sequence[Payment]) -> Mapping[UUID, str]:
    """A title for each payment: of the commission, of the edition; the reference itself for anything else."""
    subjects = {payment.pk: payment.reference.split(":") for payment in payments}
    titles = {payment.pk: payment.reference for payment in payments}
    for room, of in _TITLES.items():
        ids = {pk: named for pk, (first, *rest) in subjects.items() if first == room and (named := _id(rest))}
        found = of(set(ids.values())) if ids else {}
        titles |= {pk: found[named] for pk, named in ids.items() if named in found}
    return titles


def _commissions(ids: Iterable[UUID]) -> dict[UUID, str]:
    found = Commission.objects.filter(pk__in=ids).select_related("listing", "trained_model")
    return {commission.pk: commission.title for commission in found}


def _briefs(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Brief.objects.filter(pk__in=ids).values_list("pk", "title"))


def _orders(ids: Iterable[UUID]) -> dict[UUID, str]:
    found = Order.objects.filter(pk__in=ids).select_related("edition__release")
    return {order.pk: str(order.edition) for order in found}


_TITLES: dict[str, Callable[[Iterable[UUID]], dict[UUID, str]]] = {
    "commission": _commissions,
    "brief": _briefs,
    "order": _orders,
}
"""By the first word of a payment's reference."""


def _id(words: Sequence[str]) -> UUID | None:
    try:
        return UUID(words[0])
    except (IndexError, ValueError):
        return None
