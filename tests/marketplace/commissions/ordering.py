"""Commissions from a model as tests order, pay and look at them."""

from collections.abc import Callable

from marketplace.commissions import services
from marketplace.commissions.models import Commission
from tests.payments.provider import VISA

Settle = Callable[[], None]
Order = Callable[..., Commission]


def paid(commission: Commission) -> Commission:
    services.pay(commission=commission, payment_method=VISA)
    return commission


def again(commission: Commission) -> Commission:
    return Commission.objects.select_related("payment", "job", "artwork").get(pk=commission.pk)
