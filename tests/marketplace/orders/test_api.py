"""Buying over HTTP."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.listings.models import Sale
from marketplace.orders.models import Order
from tests.marketplace.orders.market import Settle, order
from tests.payments.provider import DECLINED, VISA, Provider

URL = "/api/v1/orders/"
MOST_QUERIES = 102  # BEGIN, COMMIT and savepoints as well


def chosen(sale: Sale, **more: object) -> dict[str, object]:
    return {"sale": str(sale.pk), "licence": "personal", "currency": "eur"} | more


def test_an_edition_is_bought_in_one_request(api: APIClient, sale: Sale, user: User) -> None:
    answer = api.post(URL, chosen(sale, payment_method=VISA), format="json", headers={"Idempotency-Key": "a"})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["number"], told["size"], told["price"]) == ("owned", 1, 3, "€100.01")
    assert told["payment"]["state"] == "captured"
    again = api.post(URL, chosen(sale, payment_method=VISA), format="json", headers={"Idempotency-Key": "a"})
    assert (again.json()["id"], Order.objects.count()) == (told["id"], 1)
    assert [row["edition"] for row in api.get("/api/v1/collection/").json()["results"]] == [told["edition"]]


def test_a_purchase_asks_the_database_little_and_nothing_that_takes_long_to_plan(api: APIClient, sale: Sale) -> None:
    with CaptureQueriesContext(connection) as asked:
        api.post(URL, chosen(sale, payment_method=VISA), format="json")
    assert Order.objects.get().state == "owned"
    # The sale has ten joins and an offer twelve, from one row outwards. Seventeen, as an order once had, PostgreSQL
    # plans for more than a hundred times as long as it takes to run them.
    assert max(query["sql"].count(" JOIN ") for query in asked) <= 12
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:150] for query in asked)


def test_an_edition_is_reserved_first_and_paid_in_the_browser(
    api: APIClient, sale: Sale, user: User, provider: Provider, settle: Settle
) -> None:
    told = api.post(URL, chosen(sale), format="json").json()
    assert told["state"] == "reserved"
    assert told["payment"]["client_secret"].startswith("pi_")
    placed = Order.objects.get()
    provider.confirm(placed.payment)
    answer = api.post(f"{URL}{placed.pk}/pay/", {"payment_method": VISA}, format="json")
    assert answer.json()["state"] == "owned"


def test_a_declined_card_leaves_the_reservation(api: APIClient, sale: Sale) -> None:
    refused = api.post(URL, chosen(sale, payment_method=DECLINED), format="json")
    assert refused.status_code == 402
    placed = refused.json()["order"]
    paid = api.post(f"{URL}{placed}/pay/", {"payment_method": VISA}, format="json")
    assert paid.json()["state"] == "owned"


def test_a_reservation_is_given_up(api: APIClient, sale: Sale, user: User) -> None:
    placed = order(sale, user)
    answer = api.post(f"{URL}{placed.pk}/cancel/")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert api.post(f"{URL}{placed.pk}/pay/", {"payment_method": VISA}, format="json").json()["state"] == "cancelled"


def test_others_orders_are_not_there(
    sale: Sale, user: User, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    placed = order(sale, user)
    stranger = client_of(make_user())
    assert stranger.get(f"{URL}{placed.pk}/").status_code == 404
    assert stranger.post(f"{URL}{placed.pk}/cancel/").status_code == 404
    assert stranger.get(URL).json()["results"] == []


def test_only_a_token_that_may_spend_buys(sale: Sale, user: User) -> None:
    client = APIClient()
    _, text = accounts.create_token(user=user, name="reader", scopes=["read"], expires_in=None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert client.post(URL, chosen(sale), format="json").status_code == 403
    assert client.get(URL).status_code == 200


def test_what_is_wrong_is_said(api: APIClient, sale: Sale, user: User) -> None:
    refused = api.post(URL, chosen(sale, currency="usd"), format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "price-unknown")
    Sale.objects.update(state="paused")
    assert api.post(URL, chosen(sale), format="json").json()["code"] == "not-for-sale"
