"""Hosted onboarding: a link, a page, answers, and back."""

import urllib.error
import urllib.parse
import urllib.request
from email.message import Message

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import IBAN, kinds

ANSWERS = {
    "first_name": "Ada",
    "last_name": "Painter & Daughters",
    "born": "1990-03-02",
    "line1": "Hauptstrasse 1",
    "postal_code": "10115",
    "city": "Berlin",
    "account_number": "DE89 3704 0044 0532 0130 00",
}
BACK, AGAIN = "https://atelier.test/back", "https://atelier.test/again"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows where one was sent, and stays."""

    def redirect_request(self, *args: object, **named: object) -> None:
        return None


def visit(url: str, answers: dict[str, str] | None = None) -> tuple[int, str, Message]:
    """One step of a browser: status, page, headers."""
    body = urllib.parse.urlencode(answers).encode() if answers is not None else None
    try:
        with urllib.request.build_opener(NoRedirect).open(url, data=body) as page:
            return page.status, page.read().decode(), page.headers
    except urllib.error.HTTPError as other:
        with other:
            return other.code, other.read().decode(), other.headers


def make_account(client: stripe.StripeClient) -> stripe.Account:
    """An Express account nobody has told anything about yet."""
    return client.v1.accounts.create(
        {"type": "express", "country": "DE", "capabilities": {"transfers": {"requested": True}}}
    )


def link(client: stripe.StripeClient, account: str) -> str:
    """The address of the onboarding page."""
    return client.v1.account_links.create(
        {"account": account, "type": "account_onboarding", "return_url": BACK, "refresh_url": AGAIN}
    ).url


def test_a_person_fills_in_the_page_and_may_be_paid(client: stripe.StripeClient) -> None:
    account = make_account(client)
    url = link(client, account.id)
    status, page, _ = visit(url)
    assert status == 200
    assert "Date of birth" in page
    assert "Routing number" not in page

    status, page, _ = visit(url, ANSWERS | {"account_number": "DE1"})
    assert status == 422
    assert "valid IBAN" in page
    assert "Painter &amp; Daughters" in page
    assert not client.v1.accounts.retrieve(account.id).details_submitted

    status, _, headers = visit(url, ANSWERS)
    assert (status, headers["Location"]) == (303, BACK)
    done = client.v1.accounts.retrieve(account.id)
    assert (done.details_submitted, done.payouts_enabled) == (True, True)
    assert done.external_accounts is not None
    assert done.external_accounts.data[0]["last4"] == IBAN[-4:]
    assert kinds(client, account.id)[-1] == "account.updated"
    assert visit(url, ANSWERS)[0] == 404

    dashboard = client.v1.accounts.login_links.create(account.id).url
    status, page, _ = visit(dashboard)
    assert status == 200
    assert "Payouts are enabled" in page
    assert visit(dashboard)[0] == 404


def test_a_link_works_once_and_not_for_long(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    account = make_account(client)
    once = link(client, account.id)
    assert visit(once)[0] == 200
    status, _, headers = visit(once)
    assert (status, headers["Location"]) == (303, AGAIN)
    late = link(client, account.id)
    sandbox.control("POST", "clock", {"advance": 301})
    status, _, headers = visit(late)
    assert (status, headers["Location"]) == (303, AGAIN)


def test_a_link_is_for_onboarding_where_stripe_collects(client: stripe.StripeClient) -> None:
    account = make_account(client)
    for kind, url, param in (("account_update", BACK, "type"), ("account_onboarding", "back", "return_url")):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.account_links.create(
                {"account": account.id, "type": kind, "return_url": url, "refresh_url": AGAIN}
            )
        assert refusal.value.param == param


def test_an_american_account_has_a_routing_number(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create(
        {"type": "express", "country": "US", "capabilities": {"transfers": {"requested": True}}}
    )
    url = link(client, account.id)
    assert "Routing number" in visit(url)[1]
    american = ANSWERS | {"account_number": "000111111116"}
    status, page, _ = visit(url, american | {"routing_number": '"12'})
    assert (status, "Routing number must have 9 digits" in page) == (422, True)
    assert 'value="&quot;12"' in page
    assert visit(url, american | {"routing_number": "110000000"})[0] == 303
    done = client.v1.accounts.retrieve(account.id)
    assert done.external_accounts is not None
    assert done.external_accounts.data[0]["currency"] == "usd"
