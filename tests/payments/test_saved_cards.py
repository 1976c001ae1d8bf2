"""Cards are kept by leave, paid with, and forgotten; each is its owner's alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from payments import selectors, services
from payments.errors import AuthenticationNeeded, CardNotKept, GatewayUnavailable, PaymentDeclined, PaymentStateConflict
from payments.models import Customer, Payment, SavedCard
from tests.payments.provider import VISA, Provider, make_payment, make_purchase
from tests.payments.test_webhooks import send

pytestmark = pytest.mark.django_db(transaction=True)
ALWAYS, ON_SETUP = "pm_card_authenticationRequired", "pm_card_authenticationRequiredOnSetup"
BROKE = "pm_card_chargeCustomerFail"


def given(provider: Provider, user: User, method: str = VISA) -> str:
    """What the browser does with the client secret: the setup intent that the card was given in."""
    setup_id = services.begin_saving_card(user=user).partition("_secret_")[0]
    chosen = {"payment_method": method, "return_url": "http://localhost/"}
    seen: dict[str, Any] = provider.http.post(f"/v1/setup_intents/{setup_id}/confirm", data=chosen).json()
    if seen.get("next_action"):
        provider.authenticate(seen["next_action"]["redirect_to_url"]["url"])
    return setup_id


def kept(provider: Provider, user: User, method: str = VISA) -> SavedCard:
    return services.save_card(user=user, setup_id=given(provider, user, method))


def test_a_card_is_kept_and_recognised(user: User, provider: Provider) -> None:
    card = kept(provider, user)
    assert (card.brand, card.last4, card.is_default) == ("visa", "4242", True)
    assert list(selectors.saved_cards(user)) == [card]
    assert kept(provider, user).is_default is False
    assert Customer.objects.count() == 1


def test_it_pays_what_is_taken_at_once_and_what_is_held(user: User, provider: Provider) -> None:
    kept(provider, user)
    for payment, state in ((make_purchase(user), "captured"), (make_payment(user), "authorised")):
        assert services.authorise(payment_id=payment.pk, saved_card=True, off_session=True).state == state


def test_a_payment_that_is_older_than_the_card_can_be_paid_with_it(user: User, provider: Provider) -> None:
    payment = services.authorise(payment_id=make_purchase(user).pk)
    kept(provider, user)
    assert services.authorise(payment_id=payment.pk, saved_card=True).state == "captured"


def test_without_a_card_that_is_said(user: User, provider: Provider) -> None:
    with pytest.raises(PaymentDeclined) as caught:
        services.authorise(payment_id=make_purchase(user).pk, saved_card=True)
    assert caught.value.data == {"decline_code": "no_saved_card"}


def test_a_bank_that_was_asked_when_the_card_was_kept_asks_no_more(user: User, provider: Provider) -> None:
    kept(provider, user, ON_SETUP)
    paid = services.authorise(payment_id=make_purchase(user).pk, saved_card=True, off_session=True)
    assert paid.state == "captured"


def test_a_bank_that_wants_the_payer_is_told_of_and_the_payer_can_still_pay(user: User, provider: Provider) -> None:
    kept(provider, user, ALWAYS)
    payment = make_purchase(user)
    with pytest.raises(AuthenticationNeeded):
        services.authorise(payment_id=payment.pk, saved_card=True, off_session=True)
    payment = services.authorise(payment_id=payment.pk, saved_card=True)
    assert payment.state == "requires_payment"
    provider.authenticate(payment.action_url)
    assert services.refresh(payment_id=payment.pk).state == "captured"


def test_a_card_that_is_declined_off_session_is_declined(user: User, provider: Provider) -> None:
    kept(provider, user, BROKE)
    payment = make_purchase(user)
    with pytest.raises(PaymentDeclined) as caught:
        services.authorise(payment_id=payment.pk, saved_card=True, off_session=True)
    assert not isinstance(caught.value, AuthenticationNeeded)
    assert Payment.objects.get().state == "requires_payment"


def test_the_preferred_one_pays_and_when_it_is_forgotten_the_newest(user: User, provider: Provider) -> None:
    first, second, third = (kept(provider, user) for _ in range(3))
    services.prefer_card(user=user, card_id=second.pk)
    assert selectors.saved_cards(user)[0] == second
    services.forget_card(user=user, card_id=second.pk)
    assert [(card.pk, card.is_default) for card in selectors.saved_cards(user)] == [
        (third.pk, True), (first.pk, False),
    ]  # fmt: skip
    with pytest.raises(PaymentDeclined):
        services.authorise(payment_id=make_purchase(user).pk, payment_method=second.stripe_id)


def test_a_card_whose_forgetting_was_not_answered_is_forgotten_the_next_time(user: User, provider: Provider) -> None:
    card = kept(provider, user)
    provider.fault(kind="drop", method="POST", path="/v1/payment_methods/*/detach", times=2)
    with pytest.raises(GatewayUnavailable):
        services.forget_card(user=user, card_id=card.pk)
    services.forget_card(user=user, card_id=card.pk)
    assert not SavedCard.objects.exists()


def test_webhooks_keep_and_forget_too(user: User, provider: Provider, settle: Callable[[], None]) -> None:
    given(provider, user)
    for event in provider.events():
        send(event)
    settle()
    card = SavedCard.objects.get()
    provider.http.post(f"/v1/payment_methods/{card.stripe_id}/detach").raise_for_status()
    for event in provider.events():
        send(event)
    settle()
    with pytest.raises(ObjectDoesNotExist):
        card.refresh_from_db()


def test_the_card_that_pays_is_kept_where_its_owner_agreed_before(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None]
) -> None:
    agreed, unsaid = (services.authorise(payment_id=make_purchase(user).pk) for _ in range(2))
    with pytest.raises(NotFound):
        services.agree_to_keep(user=make_user(), payment_id=agreed.pk, is_agreed=True)
    for payment, answers in ((agreed, (True, False, True)), (unsaid, (True, False))):
        for is_agreed in answers:
            services.agree_to_keep(user=user, payment_id=payment.pk, is_agreed=is_agreed)
        provider.confirm(payment)
    for event in provider.events():
        send(event)
    settle()
    card = SavedCard.objects.get()
    assert (card.customer.user, card.is_default) == (user, True)
    agreed.refresh_from_db()
    unsaid.refresh_from_db()
    assert agreed.keep_agreed_at is not None
    assert (agreed.state, unsaid.state, unsaid.keep_agreed_at) == ("captured", "captured", None)
    with pytest.raises(PaymentStateConflict):  # too late to agree
        services.agree_to_keep(user=user, payment_id=unsaid.pk, is_agreed=True)
    assert services.authorise(payment_id=make_purchase(user).pk, saved_card=True, off_session=True).state == "captured"


def test_nobody_touches_another_persons_card(user: User, make_user: Callable[..., User], provider: Provider) -> None:
    card, thief = kept(provider, user), make_user()
    setup_id = given(provider, user)
    kept(provider, thief)
    with pytest.raises(NotFound):
        services.save_card(user=thief, setup_id=setup_id)
    for act in (services.prefer_card, services.forget_card):
        with pytest.raises(NotFound):
            act(user=thief, card_id=card.pk)
    with pytest.raises(PaymentDeclined, match="not yours"):
        services.authorise(payment_id=make_purchase(thief).pk, payment_method=card.stripe_id)


def test_a_card_that_was_not_given_is_not_kept(user: User, provider: Provider) -> None:
    setup_id = services.begin_saving_card(user=user).partition("_secret_")[0]
    with pytest.raises(CardNotKept):
        services.save_card(user=user, setup_id=setup_id)


def test_cards_over_http(user: User, api: APIClient, provider: Provider) -> None:
    begun = api.post("/api/v1/cards/").json()
    setup_id = begun["client_secret"].partition("_secret_")[0]
    provider.http.post(f"/v1/setup_intents/{setup_id}/confirm", data={"payment_method": ALWAYS})
    assert api.post("/api/v1/cards/keep/", {"setup_intent": setup_id}, format="json").status_code == 409
    card = kept(provider, user, ALWAYS)
    assert [one["last4"] for one in api.get("/api/v1/cards/").json()] == [card.last4]
    assert api.post(f"/api/v1/cards/{card.pk}/prefer/").json()["is_default"] is True
    payment = make_purchase(user)
    paid = api.post(f"/api/v1/payments/{payment.pk}/pay/", {"card": str(card.pk)}, format="json").json()
    assert (paid["state"], "/authenticate/" in paid["action_url"]) == ("requires_payment", True)
    assert api.delete(f"/api/v1/cards/{card.pk}/").status_code == 204
    assert api.get("/api/v1/cards/").json() == []


def test_cards_on_pages(user: User, client: Client, provider: Provider) -> None:
    client.force_login(user)
    assert b"You keep none yet" in client.get("/accounts/cards/").content
    assert b'data-payment="setup"' in client.get("/accounts/cards/new/").content
    setup_id = given(provider, user)
    assert b"The card is kept" in client.get(f"/accounts/cards/?setup_intent={setup_id}", follow=True).content
    payment, card = make_purchase(user), SavedCard.objects.get()
    answer = client.post(f"/payments/{payment.pk}/card/", {"card": str(card.pk), "next": "/"})
    assert answer.headers["location"] == f"/payments/{payment.pk}/"
    assert Payment.objects.get().state == "captured"
    client.post(f"/accounts/cards/{card.pk}/forget/")
    assert not SavedCard.objects.exists()


def test_a_kept_card_whose_bank_asks_leads_to_the_bank_and_a_declined_one_back(
    user: User, client: Client, provider: Provider
) -> None:
    client.force_login(user)
    asked, broke = kept(provider, user, ALWAYS), kept(provider, user, BROKE)
    payment = make_purchase(user)
    there = client.post(f"/payments/{payment.pk}/card/", {"card": str(broke.pk), "next": "/words/"})
    assert there.headers["location"] == "/words/"
    away = client.post(f"/payments/{payment.pk}/card/", {"card": str(broke.pk), "next": "https://evil.test/"})
    assert away.headers["location"] == f"/payments/{payment.pk}/"
    bank = client.post(f"/payments/{payment.pk}/card/", {"card": str(asked.pk), "next": "/"})
    assert "/authenticate/" in bank.headers["location"]
