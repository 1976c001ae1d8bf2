"""Words over HTTP: read with reasons, previewed, and ordered from the house or from the artist whose style it uses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from generation import selectors as reading
from generation import services as generation
from generation.engines.text import choosing
from generation.models import Artwork, Job
from marketplace.accounts.models import User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.commissions.wording import preview_words
from marketplace.core.errors import InvalidInput
from marketplace.listings import services as listings
from marketplace.listings.models import Listing
from tests.marketplace.accounts.people import curator
from tests.marketplace.staging import Stage, send_photograph
from tests.payments.provider import VISA

ClientOf = Callable[[User], APIClient]
SUGGEST, PREVIEW, ORDER = "/api/v1/styles/suggest/", "/api/v1/styles/preview/", "/api/v1/commissions/"
MIX = [{"style": "frost", "weight": 1.0}]


@pytest.fixture
def house(stage: Stage) -> Listing:
    """The house sells pictures in words."""
    return listings.publish_engine_listing(curator=curator(), artist=stage.artist, engine="stylist", price_amount=1900)


def suggest(sentence: Any) -> Any:
    return APIClient().get(SUGGEST, {} if sentence is None else {"sentence": sentence})


def test_anybody_asks_what_a_sentence_would_be_and_why(house: Listing) -> None:
    told = suggest("a frozen morning, not too dark").json()
    [first, *_] = told["styles"]
    assert first["slug"] == "frost"
    assert "/gallery/styles/frost" in first["specimen_url"]
    assert "frozen" in first["reasons"][0]["words"]
    assert first["reasons"][0]["pull"] > 0
    assert told["parameters"]["mix"][0] == {"style": "frost", "weight": first["weight"]}
    assert told["parameters"]["sentence"] == "a frozen morning, not too dark"
    assert told["because"]["light"]
    assert told["listing"] == str(house.pk)


def test_the_described_styles_are_open_to_read() -> None:
    styles = APIClient().get("/api/v1/styles/").json()
    assert len(styles) >= 24
    assert all(style["credit"] and style["licence"] and len(style["palette"]) == 5 for style in styles)


def test_an_artists_offer_that_answers_is_named_with_its_price(stage: Stage) -> None:
    told = suggest("ink: lines that flow like a current").json()
    assert [(one["listing"], one["price"]) for one in told["offered"]] == [(str(stage.listing.pk), "€25.01")]
    assert told["listing"] is None
    assert suggest("a cathedral window of stained glass").json()["offered"] == []


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("ein ruhiges Meer mit Wolken", "language-not-understood"), ("", "invalid-input"), ("x" * 301, "invalid-input"),
        (None, "invalid-input"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_sentence_that_cannot_be_read_is_refused_by_field(sentence: Any, code: str) -> None:
    refused = suggest(sentence)
    assert (refused.status_code, refused.json()["code"], list(refused.json()["errors"])) == (422, code, ["sentence"])


@pytest.mark.django_db
def test_without_the_model_nothing_is_read_and_the_house_says_so(tmp_path: Any) -> None:
    choosing.use_model(tmp_path)
    try:
        refused = suggest("a calm sea")
    finally:
        choosing.use_model(None)
    assert (refused.status_code, refused.json()["code"]) == (503, "reading-unavailable")


def test_an_order_in_words_keeps_what_the_sentence_was_read_as(
    stage: Stage, house: Listing, client_of: ClientOf, settle: Callable[[], None]
) -> None:
    body = {"listing": str(house.pk), "photograph": str(stage.photograph.pk), "payment_method": VISA,
            "parameters": {"sentence": "a frozen morning", "size": 256}}  # fmt: skip
    ordered = client_of(stage.collector).post(ORDER, body, format="json").json()
    assert ordered["parameters"]["mix"][0]["style"] == "frost"
    assert (ordered["engine"], ordered["title"]) == ("stylist", "a frozen morning")
    settle()
    commission = Commission.objects.get(pk=ordered["id"])
    assert commission.state == "proof"
    work = Artwork.objects.get(job=commission.job)
    assert work.recipe["parameters"] == ordered["parameters"]
    assert work.style_artist is None  # whom the price pays painted none of these styles
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert Commission.objects.get(pk=commission.pk).state == "delivered"


def test_an_artists_style_is_mixed_in_by_ordering_from_the_artist(stage: Stage, settle: Callable[[], None]) -> None:
    mix = [*MIX, {"style": "listed", "weight": 0.5}]
    commission = stage.order(engine="stylist", parameters={"mix": mix, "size": 256})
    assert (commission.price_amount, commission.listing.artist) == (2501, stage.artist)
    services.pay(commission=commission, payment_method=VISA)
    settle()
    work = Artwork.objects.get(job__commission=commission)
    assert (work.style_artist, [given["name"] for given in work.recipe["inputs"]]) == (
        stage.artist, ["content", "style"],
    )  # fmt: skip


def test_an_artists_style_is_neither_had_from_the_house_nor_paid_for_in_vain(stage: Stage, house: Listing) -> None:
    for listing, mix in ((house, [{"style": "listed"}]), (stage.listing, MIX)):
        with pytest.raises(InvalidInput) as refused:
            stage.order(listing_id=listing.pk, engine="stylist", parameters={"mix": mix})
        assert list(refused.value.data["errors"]) == ["parameters.mix"]
    assert not Commission.objects.exists()


def test_a_preview_is_small_and_nobodys(
    stage: Stage, house: Listing, client_of: ClientOf, settle: Callable[[], None]
) -> None:
    collector = client_of(stage.collector)
    body = {"listing": str(house.pk), "photograph": str(stage.photograph.pk), "parameters": {"mix": MIX, "size": 2048}}
    asked = collector.post(PREVIEW, body, format="json")
    assert asked.status_code == 201
    settle()
    seen = collector.get(f"/api/v1/jobs/{asked.json()['job']}/").json()
    assert (seen["state"], bool(seen["preview_url"])) == ("succeeded", True)
    work = Artwork.objects.get(job=asked.json()["job"])
    assert (max(work.width, work.height), work.owner) == (384, None)


def test_a_preview_of_somebody_elses_photograph_is_refused(stage: Stage, house: Listing, client_of: ClientOf) -> None:
    body = {"listing": str(house.pk), "photograph": str(stage.photograph.pk), "parameters": {"mix": MIX}}
    assert client_of(stage.artist.user).post(PREVIEW, body, format="json").status_code == 404
    assert APIClient().post(PREVIEW, body, format="json").status_code == 401
    assert Job.objects.filter(engine="stylist").count() == 0


def test_a_preview_that_is_overtaken_is_called_off(stage: Stage, house: Listing, make_user: Callable[[], User]) -> None:
    def preview(collector: User = stage.collector, **parameters: Any) -> Job:
        photograph = stage.photograph if collector == stage.collector else send_photograph(collector)
        asked: dict[str, Any] = {"collector": collector, "listing_id": house.pk, "photograph_id": photograph.pk}
        return preview_words(**asked, parameters={"mix": MIX, **parameters})

    def now(job: Job) -> tuple[str, bool]:
        job.refresh_from_db()
        return job.state, job.cancel_requested_at is not None

    ordered = stage.order(listing_id=house.pk, engine="stylist", parameters={"mix": MIX})
    waiting = preview()
    with pytest.raises(InvalidInput):
        preview(light=7)
    assert now(waiting) == ("queued", False)
    begun = preview()
    assert now(waiting) == ("cancelled", True)
    assert begun in generation.lease_jobs(queue=begun.queue, worker="w", host="h", device="cpu")
    latest, others = preview(), preview(make_user())
    assert now(begun) == ("running", True)  # its worker stops soon
    assert (now(latest), now(others)) == (("queued", False), ("queued", False))
    assert Commission.objects.get(pk=ordered.pk).state == "awaiting_payment"


def test_previews_are_forgotten_after_a_day_and_orders_are_not(
    stage: Stage, house: Listing, settle: Callable[[], None]
) -> None:
    ordered = stage.paid()
    looked_at = preview_words(
        collector=stage.collector, listing_id=house.pk, photograph_id=stage.photograph.pk, parameters={"mix": MIX}
    )
    settle()
    original = Artwork.objects.get(job=looked_at).original
    assert original is not None
    assert generation.forget_previews() == 0
    Job.objects.update(finished_at=timezone.now() - timedelta(days=1, seconds=1))
    assert generation.forget_previews() == 1
    assert not Artwork.objects.filter(job=looked_at.pk).exists()
    assert not Job.objects.filter(pk=looked_at.pk).exists()
    assert reading.referenced_keys({original.key}) == set()
    assert Artwork.objects.filter(job__commission=ordered).exists()
