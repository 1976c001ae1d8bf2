"""Commissions by brief on pages: each side sees what concerns it, and does it there."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.commissions.models import Brief, Quote
from marketplace.commissions.services import briefs
from tests.marketplace.commissions.briefs.asking import Desk, again
from tests.marketplace.commissions.briefs.conftest import desk as desk
from tests.payments.provider import Provider


@pytest.fixture
def provider() -> object:
    provider = Provider()
    provider.reset()
    yield provider
    provider.http.close()


def pages_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_brief_is_sent_quoted_agreed_and_led_to_its_payment(desk: Desk) -> None:
    collector, artist = pages_of(desk.collector), pages_of(desk.artist.user)
    assert "Commission a work" in collector.get(f"/artists/{desk.artist.slug}/").content.decode()
    address = f"/artists/{desk.artist.slug}/brief/"
    said = {
        "request_key": "k", "title": "Harbour", "text": "Fog.", "licence": "personal", "budget_least": "50",
        "budget_most": "10",
    }  # fmt: skip
    assert "From the least to the most" in collector.post(address, said).content.decode()
    sent = collector.post(address, said | {"budget_most": "90.50"})
    brief = Brief.objects.get()
    assert (sent.status_code, sent["Location"], brief.budget_most) == (302, f"/briefs/{brief.pk}/", 9050)
    assert "Harbour" in artist.get("/briefs/").content.decode()
    offered = artist.post(
        f"/briefs/{brief.pk}/quotes/",
        {"price_amount": "80", "deposit": "25", "days": "5", "revisions": "1", "revision_days": "3", "candidates": "2"},
    )
    assert offered.status_code == 302
    quote = Quote.objects.get()
    assert (quote.price.amount, quote.deposit.amount) == (8000, 2000)
    seen = collector.get(f"/briefs/{brief.pk}/").content.decode()
    assert "Agree to €80.00, and pay €20.00 now" in seen
    agreed = collector.post(f"/briefs/{brief.pk}/quotes/{quote.pk}/accept/", follow=True)
    assert "data-client-secret" in agreed.content.decode()
    assert "Pay €20.00" in agreed.content.decode()


def test_the_proof_is_answered_and_the_artist_sees_every_candidate(desk: Desk) -> None:
    brief = desk.begun()
    artist, collector = pages_of(desk.artist.user), pages_of(desk.collector)
    assert "0 of 3 pictures made" in artist.get(f"/briefs/{brief.pk}/").content.decode()
    made = artist.post(f"/briefs/{brief.pk}/make/", {"engine": "flow-field", "size": "256", "seed": "7"})
    assert made.status_code == 302
    from generation.worker.running import run_next_batch

    run_next_batch("cpu")
    candidate = brief.candidates.get()
    assert "Candidate 1" in artist.get(f"/briefs/{brief.pk}/").content.decode()
    assert "Candidate 1" not in collector.get(f"/briefs/{brief.pk}/").content.decode()
    artist.post(f"/briefs/{brief.pk}/submit/{candidate.pk}/", {"note": "With fog."})
    shown = collector.get(f"/briefs/{brief.pk}/").content.decode()
    assert "With fog." in shown
    assert "1 of 1 included changes are left" in shown
    assert "€25.00 go back to you" in shown
    collector.post(f"/briefs/{brief.pk}/revise/", {"text": "More."})
    assert again(brief).state == "in_progress"
    assert "More." in artist.get(f"/briefs/{brief.pk}/").content.decode()


def test_staff_decide_on_their_page(desk: Desk, make_user: Callable[..., User]) -> None:
    brief = desk.proof()
    briefs.open_dispute(person=desk.collector, brief_id=brief.pk, text="No fog.")
    staff = pages_of(make_user(is_staff=True))
    assert "To be decided" in staff.get("/briefs/").content.decode()
    address = f"/briefs/{brief.pk}/decision/"
    assert pages_of(desk.collector).get(address).status_code == 403
    assert "No fog." in staff.get(address).content.decode()
    with zipfile.ZipFile(io.BytesIO(staff.get(f"/briefs/{brief.pk}/case/").content)) as packed:
        assert "case.json" in packed.namelist()
    both = staff.post(address, {"refund": "100", "is_delivered": "yes", "text": "Both."})
    assert "nobody has both" in both.content.decode()
    staff.post(address, {"refund": "40", "is_delivered": "yes", "text": "It is thin."})
    assert again(brief).state == "delivered"
    told = pages_of(desk.collector).get(f"/briefs/{brief.pk}/").content.decode()
    assert "40 % of what was paid go back" in told
    assert "Download the original" in told


def test_strangers_find_nothing(desk: Desk, make_user: Callable[..., User]) -> None:
    brief = desk.sent()
    assert pages_of(make_user()).get(f"/briefs/{brief.pk}/").status_code == 404
    assert Client().get(f"/briefs/{brief.pk}/").status_code == 302


def test_an_artist_opens_their_door(desk: Desk) -> None:
    artist = pages_of(desk.artist.user)
    said = {"queue_limit": "3", "min_price_amount": "25", "licences": ["personal"], "text": "No dogs."}
    assert artist.post("/briefs/terms/", said).status_code == 302
    desk.artist.commission_terms.refresh_from_db()
    assert (desk.artist.commission_terms.is_open, desk.artist.commission_terms.min_price_amount) == (False, 2500)
    assert pages_of(desk.collector).get(f"/artists/{desk.artist.slug}/brief/").status_code == 404
