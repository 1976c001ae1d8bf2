"""From the payment to the edition: at once, once, late, too late, given up, or never."""

from collections.abc import Callable

import pytest
from django.db import Error, transaction
from rest_framework.test import APIClient

from generation import selectors as generation
from generation.models import Artwork
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import NotFound
from marketplace.core.machine import NotNow
from marketplace.listings.models import EditionState, Sale
from marketplace.orders import services
from marketplace.orders.errors import NotPaidInTime
from marketplace.orders.models import Acquisition, Order, Ownership
from marketplace.orders.tasks import lapse_reservations
from payments import ledger
from payments import services as payments
from payments.errors import PaymentDeclined
from payments.models import Payment
from tests.marketplace.orders.market import Settle, again, buy, order, put_on_sale, resell, too_late
from tests.payments.provider import DECLINED, VISA, Provider


def history(order: Order) -> list[tuple[int, User | None, User | None, str]]:
    steps = Acquisition.objects.filter(edition=order.edition_id).select_related("giver", "owner")
    return [(one.step, one.giver, one.owner, one.source) for one in steps]


def test_what_is_paid_is_owned_and_everybody_is_credited(sale: Sale, user: User, settle: Settle) -> None:
    bought = buy(sale, user)
    settle()
    assert (bought.state, bought.edition.state) == ("owned", EditionState.SOLD)
    owned = Ownership.objects.get()
    assert (owned.owner, owned.edition, owned.licence_id) == (user, bought.edition, "personal")
    assert history(bought) == [(1, None, user, f"order:{bought.pk}")]
    assert (ledger.balance(ledger.payee(sale.seller_id), "eur"), ledger.balance("platform:revenue", "eur")) == (
        -7001, -3000,
    )  # fmt: skip
    told = set(Notification.objects.values_list("person", "kind"))
    assert {(user.pk, "order.delivered"), (sale.seller_id, "work.sold")} <= told


def test_the_event_alone_is_enough(sale: Sale, user: User, settle: Settle, provider: Provider) -> None:
    placed = order(sale, user)
    placed.payment = services.pay(order=placed)
    provider.confirm(placed.payment)  # in the browser; of its webhook nothing is heard
    payments.refresh(payment_id=placed.payment_id)
    assert again(placed).state == "reserved"
    settle()
    assert again(placed).state == "owned"
    settle()
    services.settle(payment_id=placed.payment_id)
    assert len(history(placed)) == 1


def test_every_owner_may_have_the_original(
    sale: Sale, user: User, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    other = make_user()
    buy(sale, user)
    buy(sale, other)
    work = Artwork.objects.get()
    Artwork.objects.update(visibility="private", hung_at=None)
    assert [generation.may_download(person, work) for person in (user, other, make_user())] == [True, True, False]
    assert [list(generation.collection_of(person)) for person in (user, other)] == [[work], [work]]
    assert client_of(user).get(f"/api/v1/artworks/{work.pk}/").status_code == 200
    assert client_of(make_user()).get(f"/api/v1/artworks/{work.pk}/").status_code == 404


def test_the_one_edition_of_a_work_is_the_work(artist: Artist, user: User) -> None:
    bought = buy(put_on_sale(artist, size=1), user)
    work = bought.edition.artwork
    assert work is not None
    assert (work.owner, list(work.holders.all())) == (user, [])


def test_a_declined_card_may_be_followed_by_another(sale: Sale, user: User) -> None:
    placed = order(sale, user)
    with pytest.raises(PaymentDeclined):
        services.pay(order=placed, payment_method=DECLINED)
    assert again(placed).state == "reserved"
    services.pay(order=placed, payment_method=VISA)
    assert again(placed).state == "owned"


def test_a_reservation_that_nobody_pays_lapses_and_its_intent_is_cancelled(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    placed = order(sale, user)
    services.pay(order=placed)
    lapse_reservations()
    assert again(placed).state == "reserved"
    too_late(placed)
    lapse_reservations()
    settle()
    assert (again(placed).state, again(placed).edition.state) == ("lapsed", "free")
    assert provider.intent(again(placed).payment)["status"] == "canceled"
    assert order(sale, make_user()).edition == placed.edition


def test_who_comes_to_pay_too_late_is_told(sale: Sale, user: User) -> None:
    placed = order(sale, user)
    too_late(placed)
    with pytest.raises(NotPaidInTime):
        services.pay(order=placed, payment_method=VISA)
    assert (again(placed).state, Payment.objects.get().state) == ("lapsed", "releasing")


def test_a_chore_finds_out_that_it_was_paid_in_time(sale: Sale, user: User, provider: Provider) -> None:
    placed = order(sale, user)
    placed.payment = services.pay(order=placed)
    provider.confirm(placed.payment)
    too_late(placed)
    lapse_reservations()
    assert again(placed).state == "owned"


def test_while_the_provider_is_silent_nobody_loses_what_they_may_have_paid(
    sale: Sale, user: User, provider: Provider
) -> None:
    placed = order(sale, user)
    services.pay(order=placed)
    too_late(placed)
    provider.fault(kind="error", method="GET", path="/v1/payment_intents/*", status=500, times=10)
    lapse_reservations()
    assert again(placed).state == "reserved"
    provider.forget_faults()
    lapse_reservations()
    assert again(placed).state == "lapsed"


def test_what_is_cancelled_is_free_and_what_is_paid_cannot_be_cancelled(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    placed = order(sale, user)
    with pytest.raises(NotFound):
        services.cancel(order_id=placed.pk, buyer=make_user())
    services.cancel(order_id=placed.pk, buyer=user)
    assert services.cancel(order_id=placed.pk, buyer=user).state == "cancelled"
    settle()
    assert (again(placed).edition.state, again(placed).payment.state) == ("free", "released")
    bought = buy(sale, user)
    with pytest.raises(NotNow):
        services.cancel(order_id=bought.pk, buyer=user)


def test_what_is_paid_late_gets_an_edition_where_one_is_left(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    late = _cancelled_but_paid(sale, user, provider)
    other = order(sale, make_user())
    assert other.edition == late.edition
    settle()
    assert (again(late).state, again(late).edition.number, again(late).reason) == ("owned", 2, "")


def test_a_resale_paid_late_goes_to_its_payer_while_the_seller_has_it(
    sale: Sale, user: User, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    edition = buy(sale, user).edition
    buyer = make_user()
    late = _cancelled_but_paid(resell(edition, user), buyer, provider)
    settle()
    assert again(late).state == "owned"
    assert Ownership.objects.get().owner == buyer
    assert again(late).sale.state == "ended"
    assert history(late)[-1][:3] == (2, user, buyer)
    work = Artwork.objects.get()
    assert [generation.may_download(person, work) for person in (user, buyer)] == [False, True]


def test_the_database_lets_no_order_jump(sale: Sale, user: User) -> None:
    placed = order(sale, user)
    with pytest.raises(Error, match="may not go from reserved to owned"), transaction.atomic():
        Order.objects.filter(pk=placed.pk).update(state="owned", paid_at="2026-01-01T00:00Z")


def _cancelled_but_paid(sale: Sale, buyer: User, provider: Provider) -> Order:
    """The buyer cancels in one window and pays in another."""
    placed = order(sale, buyer)
    placed.payment = services.pay(order=placed)
    services.cancel(order_id=placed.pk, buyer=buyer)
    provider.confirm(placed.payment)
    return placed
