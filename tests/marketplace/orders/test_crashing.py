"""A process that dies between any two steps: what was paid is owned all the same, once."""

from typing import Any

import pytest
from django.db.models.functions import Now

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from marketplace.listings.models import Sale
from marketplace.orders import services
from marketplace.orders.models import Acquisition, Order, Ownership
from marketplace.orders.services import delivering, owning, paying, placing, settling
from payments.models import Entry, Payment
from tests.marketplace.orders.market import Settle, again, order
from tests.payments.provider import VISA


class Killed(BaseException):
    """The process dies here."""


def dies_once(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    alive = getattr(module, name)

    def die(*args: Any, **given: Any) -> Any:
        monkeypatch.setattr(module, name, alive)
        raise Killed

    monkeypatch.setattr(module, name, die)


@pytest.mark.parametrize("step", ["splits_of", "next_place", "reserve_for"])
def test_a_reservation_is_whole_or_not_there(
    sale: Sale, user: User, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies_once(monkeypatch, placing, step)
    with pytest.raises(Killed):
        order(sale, user, request_key="k")
    assert (Order.objects.count(), Payment.objects.count()) == (0, 0)
    assert not sale.issued.editions.exclude(state="free").exists()
    assert order(sale, user, request_key="k").edition.number == 1


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (paying, "settle"),
        (settling, "move"),
        (settling, "deliver"),
        (delivering, "hand_over"),
        (owning, "_write_history"),
        (owning, "_show_original"),
        (delivering, "move"),
        (delivering, "tell_owned"),
    ],
)
def test_what_is_paid_is_owned_once_whoever_died(
    sale: Sale, user: User, settle: Settle, module: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = order(sale, user)
    dies_once(monkeypatch, module, step)
    with pytest.raises(Killed):
        services.pay(order=placed, payment_method=VISA)
    assert (again(placed).state, again(placed).payment.state) == ("reserved", "captured")
    assert not Ownership.objects.exists()
    OutboxEvent.objects.filter(done_at=None).update(due_at=Now())
    settle()
    assert again(placed).state == "owned"
    assert Ownership.objects.get().owner == user
    assert (Acquisition.objects.count(), Entry.objects.filter(kind="capture").count()) == (1, 1)
