"""The commission form and the list of one's commissions."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from generation.engines.style.features import offering
from generation.models import Upload
from marketplace.accounts.models import Artist, User
from marketplace.commissions.models import Commission
from marketplace.commissions.services import order_commission
from marketplace.listings.models import Listing
from marketplace.listings.services import publish_engine_listing
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.marketplace.accounts.people import curator
from tests.payments.provider import Provider


def filled(page: Page, photograph: Upload | None, **more: Any) -> dict[str, Any]:
    """What a browser would send from this form."""
    return {
        "request_key": page.value_of("request_key"),
        "photograph": str(photograph.pk) if photograph else "",
        "quality": "draft", "steps": "150", "features": "best",
        "strength": "0.85", "keep_colours": "0.2", "size": "512",
    } | more  # fmt: skip


@pytest.fixture
def address(listing: Listing) -> str:
    return f"/works/{listing.artwork_id}/commission/"


def test_one_signs_in_before_ordering(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"


def test_the_form_asks_what_the_engine_asks(visitor: Client, address: str) -> None:
    page = read(visitor.get(address))
    [strength] = page.all("input", name="strength")
    assert (strength["type"], strength["min"], strength["max"], strength["value"]) == ("range", "0.0", "1.0", "1.0")
    assert page.all("input", name="keep_colours", type="range")
    [size] = page.all("select", name="size")
    offered = [option["value"] for option in page.all("option")]
    assert offered[:3] == ["draft", "print", "masterpiece"]
    sizes = [option for option in offered if option.isdigit()]
    assert sizes == ["512", "768", "1024", "1536", "2048", "4096", "8192", "16384"]
    chosen = [option["value"] for option in page.all("option") if "selected" in option]
    assert (chosen[0], chosen[-1]) == ("draft", "1024")
    assert page.all("input", name="luminance_only", type="checkbox")
    assert not page.all("select", name="unmasked")
    assert not page.all("input", name="weights")
    for field in ("id_strength", "id_keep_colours", size["id"]):
        assert page.all("label", **{"for": field})


def test_what_counts_for_a_masterpiece_alone_is_shown_beside_it(visitor: Client, address: str) -> None:
    page = read(visitor.get(address))
    rule = {"data-counts-with": "quality", "data-counts-for": "masterpiece"}
    assert page.all("input", name="steps", **{"data-default": "150"}, **rule)
    assert page.all("select", name="features", **{"data-default": "best"}, **rule)
    assert not page.all("input", name="strength", **rule)


@pytest.mark.parametrize(("missing", "offered"), [((), True), (("vgg-19",), False)])
def test_only_what_the_house_has_is_offered(
    visitor: Client, address: str, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], offered: bool
) -> None:
    monkeypatch.setattr(offering, "_missing", frozenset(missing))
    page = read(visitor.get(address))
    assert (bool(page.all("option", value="vgg-19")), "VGG-19" in page.html) == (offered, offered)
    assert "EfficientNet-Lite0" in page.html


def test_an_engine_of_the_house_says_which_picture_it_wants(visitor: Client, artist: Artist) -> None:
    assert visitor.get("/engines/texture/commission/").status_code == 404
    publish_engine_listing(curator=curator(), artist=artist, engine="texture", price_amount=1200)
    page = read(visitor.get("/engines/texture/commission/"))
    assert "A picture of the surface" in page.html
    assert page.all("input", name="relief", **{"data-counts-with": "shows", "data-counts-for": "normal occlusion"})


def test_the_form_says_what_it_costs_and_what_happens(visitor: Client, address: str) -> None:
    page = read(visitor.get(address))
    assert "€25.00" in page.html
    assert "Vera Molnár is credited €17.50" in page.html
    assert "a draft usually within a minute; a print or a masterpiece takes minutes" in page.html
    assert page.all("form", **{"data-uploads-url": "/api/v1/uploads/"})


def test_an_order_makes_a_commission_and_goes_on_to_its_payment(
    visitor: Client, user: User, listing: Listing, address: str
) -> None:
    photograph = hanging.photograph(user)
    answer = visitor.post(address, filled(read(visitor.get(address)), photograph))
    commission = Commission.objects.get()
    assert answer.headers["Location"] == f"/commissions/{commission.pk}/pay/"
    assert (commission.collector, commission.listing, commission.photograph) == (user, listing, photograph)
    chosen = {name: commission.parameters[name] for name in ("strength", "keep_colours", "size")}
    assert chosen == {"strength": 0.85, "keep_colours": 0.2, "size": 512}


def test_a_double_click_is_one_order_and_a_changed_form_another(visitor: Client, user: User, address: str) -> None:
    photograph, page = hanging.photograph(user), read(visitor.get(address))
    first, second = (visitor.post(address, filled(page, photograph)).headers["Location"] for _ in range(2))
    assert first == second
    # The browser's way back shows the same form, with the same key.
    assert visitor.post(address, filled(page, photograph, size="768")).headers["Location"] != first
    assert Commission.objects.count() == 2
    assert read(visitor.get(address)).value_of("request_key") != page.value_of("request_key")


def test_without_a_photograph_the_form_says_so_and_keeps_the_rest(visitor: Client, address: str) -> None:
    page = read(visitor.post(address, filled(read(visitor.get(address)), None)), 422)
    assert "Choose a photograph first." in page.html
    assert page.all("input", name="strength")[0]["value"] == "0.85"
    assert [option["value"] for option in page.all("option") if "selected" in option][-1] == "512"
    assert not Commission.objects.exists()


def test_a_value_out_of_range_is_refused_and_the_photograph_kept(visitor: Client, user: User, address: str) -> None:
    photograph, page = hanging.photograph(user), read(visitor.get(address))
    again = read(visitor.post(address, filled(page, photograph, strength="3")), 422)
    assert "less than or equal to 1.0" in again.html
    assert again.value_of("photograph") == str(photograph.pk)
    assert again.value_of("request_key") == page.value_of("request_key")
    [picture] = again.all("img", alt="Your photograph")
    assert (picture["width"], picture["height"]) == ("900", "600")
    assert photograph.key in picture["src"]


def test_a_size_that_only_a_print_has_is_refused_of_a_draft(visitor: Client, user: User, address: str) -> None:
    sent = filled(read(visitor.get(address)), hanging.photograph(user), size="4096")
    assert "At most 2048 pixels in the quality draft." in read(visitor.post(address, sent), 422).html
    visitor.post(address, sent | {"quality": "print"})
    assert Commission.objects.get().parameters["size"] == 4096


def test_a_part_of_the_photograph_is_ordered_with_a_mask(visitor: Client, user: User, address: str) -> None:
    photograph, mask = hanging.photograph(user), hanging.mask(user)
    page = read(visitor.get(address))
    assert page.all("canvas")
    assert page.all("input", type="file", accept="image/png,image/jpeg,image/webp")
    visitor.post(address, filled(page, photograph, mask=str(mask.pk)))
    assert Commission.objects.get().mask == mask


def test_a_mask_that_does_not_fit_is_refused_before_the_card_is_asked(
    visitor: Client, user: User, address: str
) -> None:
    sent = filled(read(visitor.get(address)), hanging.photograph(user))
    sent["mask"] = str(hanging.photograph(user, width=400, height=600).pk)
    assert "It has another shape than the photograph." in read(visitor.post(address, sent), 422).html
    sent["mask"] = str(hanging.mask(user, brightness=0).pk)
    assert "It is all black: nothing would be painted." in read(visitor.post(address, sent), 422).html
    assert not Commission.objects.exists()


def test_a_mask_that_is_nobodys_is_told_at_the_mask(visitor: Client, user: User, address: str) -> None:
    sent = filled(read(visitor.get(address)), hanging.photograph(user), mask=str(uuid4()))
    page = read(visitor.post(address, sent), 422)
    assert 'data-mask-status role="status" aria-live="polite">You have no such upload.<' in page.html
    assert page.html.count("You have no such upload.") == 1
    assert page.value_of("mask") == ""  # or it would be sent again
    assert not Commission.objects.exists()


@pytest.mark.parametrize("whose", ["nobody's", "somebody else's"])
def test_a_photograph_must_be_ones_own(visitor: Client, artist: Artist, address: str, whose: str) -> None:
    other = hanging.photograph(artist.user)
    sent = filled(read(visitor.get(address)), other)
    if whose == "nobody's":
        sent["photograph"] = str(uuid4())
    page = read(visitor.post(address, sent), 422)
    assert "You have no such upload." in page.html
    assert other.key not in page.html
    assert not Commission.objects.exists()


def test_a_photograph_that_is_not_ready_is_refused(visitor: Client, user: User, address: str) -> None:
    pending = hanging.photograph(user, state=Upload.State.PENDING, completed_at=None)
    page = read(visitor.post(address, filled(read(visitor.get(address)), pending)), 422)
    assert "The upload is pending." in page.html
    assert page.value_of("photograph") == ""


def test_what_is_not_for_sale_cannot_be_ordered(visitor: Client, artist: Artist, address: str) -> None:
    Listing.objects.update(state=Listing.State.PAUSED)
    read(visitor.get(address), 404)
    read(visitor.get(f"/works/{hanging.work(artist.user).pk}/commission/"), 404)


def test_the_payment_page_hands_the_provider_what_it_needs(
    visitor: Client, user: User, address: str, provider: Provider
) -> None:
    answer = visitor.post(address, filled(read(visitor.get(address)), hanging.photograph(user)), follow=True)
    page, commission = read(answer), Commission.objects.select_related("payment").get()
    [form] = [form for form in page.all("form") if "data-payment" in form]
    assert form["data-client-secret"] == commission.payment.client_secret != ""
    assert form["data-publishable-key"].startswith("pk_test_")
    assert form["data-return-url"] == f"http://testserver/commissions/{commission.pk}/?paid=1"
    assert [script["src"] for script in page.all("script") if script["src"].endswith("/v3/")]
    [intent] = provider.intents()
    assert (intent["amount"], intent["capture_method"]) == (2500, "manual")
    read(visitor.get(f"/commissions/{commission.pk}/pay/"))
    assert len(provider.intents()) == 1


def test_a_provider_that_does_not_answer_is_said_and_the_order_stands(
    visitor: Client, user: User, address: str, provider: Provider
) -> None:
    provider.fault(path="/v1/payment_intents*", kind="error", times=9)
    page = read(visitor.post(address, filled(read(visitor.get(address)), hanging.photograph(user)), follow=True))
    assert "Please try again in a moment." in page.html
    commission = Commission.objects.get()
    assert commission.state == Commission.State.AWAITING_PAYMENT
    assert page.all("a", href=f"/commissions/{commission.pk}/pay/")


def test_the_list_shows_ones_own_commissions_alone(
    visitor: Client, user: User, artist: Artist, listing: Listing, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert "Nothing ordered yet." in read(visitor.get("/commissions/")).html
    mine = [ordered(user, listing) for _ in range(3)]
    mine += [ordered(user, hanging.offer(hanging.work(hanging.artist(f"Painter {n}").user))) for n in range(3)]
    theirs = ordered(artist.user, listing)
    with django_assert_max_num_queries(8):  # the bell asks once
        page = read(visitor.get("/commissions/"))
    links = [link["href"] for link in page.all("a", **{"class": "ledger-row"})]
    assert links == [f"/commissions/{commission.pk}/" for commission in reversed(mine)]
    assert str(theirs.pk) not in page.html
    assert "Awaiting payment" in page.html


def test_the_list_and_the_pages_are_for_members(client: Client, user: User, listing: Listing) -> None:
    commission = ordered(user, listing)
    for path in ("", f"{commission.pk}/", f"{commission.pk}/pay/", f"{commission.pk}/state/"):
        assert client.get(f"/commissions/{path}").headers["Location"].startswith("/accounts/login/")


def ordered(collector: User, listing: Listing) -> Commission:
    return order_commission(
        collector=collector,
        listing_id=listing.pk,
        photograph_id=hanging.photograph(collector).pk,
        parameters={"size": 256},
    )
