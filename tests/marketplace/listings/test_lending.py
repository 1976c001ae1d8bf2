"""Styles and models are lent on terms: who uses them owes what the terms said then, whatever comes later."""

from collections.abc import Callable
from typing import Any

import pytest

from generation import services as generation
from generation.models import Artwork, JobInput
from generation.worker.running import run_next_batch
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.listings import selectors, services
from marketplace.listings.errors import NotYourWork
from marketplace.listings.models import StyleTerms
from tests.marketplace.modelling import trained_model
from tests.marketplace.staging import Stage, send_photograph


@pytest.fixture
def other(transactional_db: None, make_user: Callable[..., User]) -> Artist:
    return accounts.become_artist(user=make_user(), name="Frieder Nake", bio="")


def in_the_style_of(style: Artwork, painter: User) -> Artwork:
    photograph = send_photograph(painter)
    inputs = [JobInput.of_upload("content", photograph), JobInput.of_artwork("style", style)]
    job = generation.submit_job(owner=painter, engine="arbitrary-style", parameters={"size": 256}, inputs=inputs)
    assert job.pk in run_next_batch(job.queue)
    return Artwork.objects.get(job=job)


def test_a_work_owes_what_the_terms_said_when_it_was_made(stage: Stage, other: Artist) -> None:
    style = stage.listing.artwork
    assert style is not None
    terms = services.lend_style(artist_user=stage.artist.user, artwork_id=style.pk, share_bps=1500)
    work = in_the_style_of(style, other.user)
    assert selectors.shares_of(work) == [(stage.artist.user_id, 1500, "style")]

    services.lend_style(artist_user=stage.artist.user, artwork_id=style.pk, share_bps=4000)
    assert selectors.shares_of(work) == [(stage.artist.user_id, 1500, "style")]
    assert selectors.shares_of(style) == []
    standing = StyleTerms.objects.standing().get()
    services.withdraw_style(artist_user=stage.artist.user, terms_id=standing.pk)
    assert terms.consent["share_bps"] == 1500
    assert selectors.shares_of(work) == [(stage.artist.user_id, 1500, "style")]
    assert selectors.shares_of(in_the_style_of(style, other.user)) == []


def test_a_model_is_lent_until_it_is_withdrawn(other: Artist) -> None:
    model = trained_model(other)
    assert selectors.shares_of(model) == []
    terms = services.lend_style(artist_user=other.user, model_id=model.pk, share_bps=500)
    assert selectors.shares_of(model) == [(other.user_id, 500, "model")]
    assert terms.consent["dataset"] == str(model.training.dataset_id)
    assert services.lend_style(artist_user=other.user, model_id=model.pk, share_bps=500) == terms
    services.withdraw_style(artist_user=other.user, terms_id=terms.pk)
    services.withdraw_style(artist_user=other.user, terms_id=terms.pk)
    assert selectors.shares_of(model) == []


def test_nobody_shares_with_themselves_and_no_more_is_shared_than_there_is(stage: Stage, other: Artist) -> None:
    seller, lender = stage.artist.user_id, other.user_id
    shares = [(lender, 5000, "model"), (seller, 3000, "style"), (lender, 7000, "style")]
    assert selectors.of_others(shares, seller) == [(lender, 5000, "model"), (lender, 5000, "style")]


NO_PRICES: tuple[dict[str, Any], ...] = (
    {}, {"share_bps": 100, "fee_amount": 100}, {"share_bps": 5001}, {"fee_amount": -1},
)  # fmt: skip


def test_only_its_artist_lends_a_style_and_at_one_price(stage: Stage, other: Artist) -> None:
    style = stage.listing.artwork
    assert style is not None
    with pytest.raises(NotYourWork):
        services.lend_style(artist_user=other.user, artwork_id=style.pk, share_bps=100)
    for wrong in NO_PRICES:
        with pytest.raises(InvalidInput):
            services.lend_style(artist_user=stage.artist.user, artwork_id=style.pk, **wrong)
    terms = services.lend_style(artist_user=stage.artist.user, artwork_id=style.pk, fee_amount=300)
    assert selectors.shares_of(in_the_style_of(style, other.user)) == []
    with pytest.raises(NotFound):
        services.withdraw_style(artist_user=other.user, terms_id=terms.pk)
