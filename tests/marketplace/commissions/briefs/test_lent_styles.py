"""Lent styles in a commission by brief: agreed in the quote, written down, and paid out of what the artist gets."""

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.commissions.errors import StyleWithdrawn
from marketplace.commissions.services import briefs
from marketplace.core.errors import InvalidInput
from marketplace.listings import services as listings
from tests.marketplace.commissions.briefs.asking import PRICE, Desk, again, earned, paid
from tests.marketplace.modelling import trained_model


@pytest.fixture
def lender(transactional_db: None, make_user: Callable[..., User]) -> Artist:
    return accounts.become_artist(user=make_user(), name="Frieder Nake", bio="")


def recipe(model_id: object) -> briefs.Recipe:
    return briefs.Recipe(engine="gan", parameters={"size": 64}, seed=2, model_id=model_id)  # type: ignore[arg-type]


@pytest.mark.parametrize(("cost", "theirs"), [({"share_bps": 2500}, 1750), ({"fee_amount": 333}, 333)])
def test_a_lent_model_is_paid_to_the_cent(desk: Desk, lender: Artist, cost: dict[str, Any], theirs: int) -> None:
    model = trained_model(lender)
    terms = listings.lend_style(artist_user=lender.user, model_id=model.pk, **cost)
    brief = desk.begun(uses=[terms.pk])
    listings.withdraw_style(artist_user=lender.user, terms_id=terms.pk)  # what was agreed stands
    briefs.make_candidate(artist_user=desk.artist.user, brief_id=brief.pk, recipe=recipe(model.pk))
    assert again(brief).consents[0]["dataset"] == str(model.training.dataset_id)
    desk.shown(brief)
    briefs.accept_proof(collector=desk.collector, brief_id=brief.pk)
    desk.settle()
    desk.pay(brief)
    assert paid(brief) == PRICE
    assert abs(earned(brief, lender.user) - theirs) <= 1
    assert earned(brief, lender.user) + earned(brief, desk.artist.user) == 7001


def test_what_the_quote_does_not_name_is_not_used(desk: Desk, lender: Artist) -> None:
    model = trained_model(lender)
    brief = desk.begun()
    with pytest.raises(InvalidInput):
        briefs.make_candidate(artist_user=desk.artist.user, brief_id=brief.pk, recipe=recipe(model.pk))


def test_a_style_that_was_withdrawn_before_the_agreement_needs_another_quote(desk: Desk, lender: Artist) -> None:
    terms = listings.lend_style(artist_user=lender.user, model_id=trained_model(lender).pk, share_bps=100)
    quote = desk.quoted(uses=[terms.pk])
    listings.withdraw_style(artist_user=lender.user, terms_id=terms.pk)
    with pytest.raises(StyleWithdrawn):
        briefs.accept_quote(person=desk.collector, brief_id=quote.brief_id, quote_id=quote.pk)
    with pytest.raises(StyleWithdrawn):
        desk.quoted(quote.brief, uses=[terms.pk])
