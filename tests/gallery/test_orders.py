"""Buying an edition on pages, and what one does with it afterwards."""

from collections.abc import Callable

from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Sale
from marketplace.orders import selectors, services
from marketplace.orders.models import Certificate, Order, Ownership
from tests.gallery.markup import read
from tests.marketplace.orders.conftest import artist as artist
from tests.marketplace.orders.conftest import sale as sale
from tests.marketplace.orders.market import Settle, buy, order, put_on_sale
from tests.payments.provider import Provider


def test_an_edition_is_reserved_paid_and_owned(
    visitor: Client, user: User, sale: Sale, provider: Provider, settle: Settle
) -> None:
    chosen = {"licence": "personal", "currency-personal": "eur", "currency-print": "usd", "request_key": "k"}
    answer = visitor.post(f"/sales/{sale.pk}/buy/", chosen)
    placed = Order.objects.select_related("payment").get()
    assert answer.headers["Location"] == f"/orders/{placed.pk}/pay/"
    visitor.post(f"/sales/{sale.pk}/buy/", chosen)  # a double click
    assert Order.objects.count() == 1
    page = read(visitor.get(f"/orders/{placed.pk}/pay/"))
    assert "€100.01 for Ink, 1 of 3" in page.html
    placed.payment.refresh_from_db()
    assert page.all("form", **{"data-client-secret": placed.payment.client_secret})
    assert "It is kept for you" in read(visitor.get(f"/orders/{placed.pk}/")).html
    provider.confirm(placed.payment)
    assert "It is yours" in read(visitor.get(f"/orders/{placed.pk}/?paid=1")).html
    assert visitor.get(f"/orders/{placed.pk}/pay/").headers["Location"] == f"/orders/{placed.pk}/"
    assert "Ink, 1 of 3" in read(visitor.get("/orders/")).html
    assert "1 of 3" in read(visitor.get("/collection/")).html


def test_the_page_asks_for_what_changed_alone(visitor: Client, user: User, sale: Sale) -> None:
    placed = services.place_order(buyer=user, sale_id=sale.pk, licence="personal", currency="eur")
    first = visitor.get(f"/orders/{placed.pk}/state/")
    assert first.status_code == 200
    seen = {"seen": first.context["moment"]}
    assert visitor.get(f"/orders/{placed.pk}/state/", seen).status_code == 204
    services.pay(order=placed, payment_method="pm_card_visa")
    assert "It is yours" in visitor.get(f"/orders/{placed.pk}/state/", seen).content.decode()


def test_the_page_of_purchases_asks_as_few_questions_for_many_as_for_one(
    visitor: Client, user: User, artist: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        services.place_order(buyer=user, sale_id=put_on_sale(artist).pk, licence="personal", currency="eur")
    with django_assert_max_num_queries(12):  # one of them rings the bell
        assert visitor.get("/orders/").content.count(b"Ink, 1 of 3") == 3


def test_what_is_sold_out_is_said(visitor: Client, make_user: Callable[..., User], sale: Sale) -> None:
    one = put_on_sale(sale.issued.artist, size=1)
    buy(one, make_user())
    answer = visitor.post(f"/sales/{one.pk}/buy/", {"licence": "personal", "currency": "eur"})
    assert answer.headers["Location"] == f"/sales/{one.pk}/"
    assert not Order.objects.filter(state="reserved").exists()


def test_others_orders_and_editions_are_not_there(visitor: Client, make_user: Callable[..., User], sale: Sale) -> None:
    theirs = buy(sale, make_user())
    for address in (f"/orders/{theirs.pk}/", f"/orders/{theirs.pk}/pay/", f"/collection/{theirs.edition_id}/"):
        assert visitor.get(address).status_code == 404


def test_an_owner_writes_their_name_and_anybody_reads_the_certificate(
    visitor: Client, client: Client, user: User, sale: Sale, settle: Settle
) -> None:
    edition = buy(sale, user).edition_id
    settle()
    visitor.post(f"/collection/{edition}/name/", {"name": "Ελένη <b>王</b>"})
    page = read(visitor.get(f"/collection/{edition}/"))
    [certificate] = Certificate.objects.filter(superseded_at=None)
    assert page.all("a", href=f"/certificates/{certificate.pk}/")
    told = Client().get(f"/certificates/{certificate.pk}/").content.decode()
    assert "The signature is genuine, and the certificate holds." in told
    assert "Ελένη &lt;b&gt;王&lt;/b&gt;" in told
    old = Certificate.objects.exclude(superseded_at=None).get()
    assert "out of date" in Client().get(f"/certificates/{old.pk}/").content.decode()
    Certificate.objects.filter(pk=certificate.pk).update(document=certificate.document.replace("1,", "2,", 1))
    assert "do not trust" in Client().get(f"/certificates/{certificate.pk}/").content.decode()


def test_a_gift_is_offered_taken_back_and_accepted(
    visitor: Client, user: User, make_user: Callable[..., User], sale: Sale
) -> None:
    edition, friend = buy(sale, user).edition_id, make_user()
    given = {"to": friend.email, "message": "For you"}
    visitor.post(f"/collection/{edition}/give/", given)
    assert f"Offered to {friend.email}" in read(visitor.get(f"/collection/{edition}/")).html
    gift = selectors.gifts_from(user).get()
    visitor.post(f"/gifts/{gift.pk}/withdraw/")
    visitor.post(f"/collection/{edition}/give/", given)
    theirs = Client()
    theirs.force_login(friend)
    page = read(theirs.get("/collection/gifts/"))
    assert "For you" in page.html
    second = selectors.gifts_to(friend).get()
    assert theirs.post(f"/gifts/{second.pk}/accept/").headers["Location"] == f"/collection/{edition}/"
    assert Ownership.objects.get().owner == friend


def test_who_has_not_said_where_they_are_taxed_is_asked_on_the_way_to_the_payment(
    client: Client, user: User, sale: Sale, settings: LazySettings
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"taxes": "stripe"})
    client.force_login(user)
    placed = order(sale, user)
    pay = f"/orders/{placed.pk}/pay/"
    asked = client.get(pay, follow=True)
    assert asked.redirect_chain == [(f"/accounts/billing/?next={pay.replace('/', '%2F')}", 302)]
    assert "where are you taxed" in asked.content.decode()
    refused = client.post("/accounts/billing/", {"country": "US", "next": pay})
    assert (refused.status_code, "Two letters, such as NY." in refused.content.decode()) == (422, True)
    page = client.post("/accounts/billing/", {"country": "DE", "next": pay}, follow=True).content.decode()
    assert "€15.97 of it are tax: VAT 19 %, Germany." in page
    assert client.post("/accounts/billing/", {"country": "DE", "next": "https://elsewhere.test/"})["Location"] == (
        "/accounts/billing/"
    )


def test_the_invoice_is_on_the_page_of_the_order_and_among_ones_own(
    client: Client, user: User, make_user: Callable[..., User], sale: Sale, settle: Callable[[], None]
) -> None:
    bought = buy(sale, user)
    settle()
    [paper] = bought.payment.papers.all()
    client.force_login(user)
    for page in (f"/orders/{bought.pk}/", "/accounts/billing/"):
        assert f"/invoices/{paper.pk}/" in client.get(page).content.decode()
    assert client.get(f"/invoices/{paper.pk}/").status_code == 302
    client.force_login(make_user())
    assert client.get(f"/invoices/{paper.pk}/").status_code == 404
