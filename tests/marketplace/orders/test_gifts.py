"""Giving an edition away: to an address, accepted by whoever has it; until then nobody else gets it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from generation import selectors as generation
from marketplace.accounts.models import Notification, User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.machine import NotNow
from marketplace.listings.models import Edition, Sale
from marketplace.orders import selectors, services
from marketplace.orders.errors import SoldOut
from marketplace.orders.models import Acquisition, Gift, Ownership
from tests.marketplace.orders.market import buy, order, resell


@pytest.fixture
def edition(sale: Sale, user: User) -> Edition:
    return buy(sale, user).edition


def test_a_gift_is_owned_once_it_is_accepted(edition: Edition, user: User, make_user: Callable[..., User]) -> None:
    friend = make_user()
    gift = services.give_edition(owner=user, edition_id=edition.pk, to=friend.email.upper(), message="Happy birthday")
    assert list(selectors.gifts_to(friend)) == [gift]
    assert Notification.objects.filter(person=friend, kind="gift.offered").exists()
    assert Ownership.objects.get().owner == user
    services.accept_gift(gift_id=gift.pk, by=friend)
    owned = Ownership.objects.get()
    assert (owned.owner, owned.licence_id, owned.edition.state) == (friend, "personal", "sold")
    last = Acquisition.objects.get(step=2)
    assert (last.giver, last.owner, last.source) == (user, friend, f"gift:{gift.pk}")
    work = owned.artwork
    assert [generation.may_download(person, work) for person in (user, friend)] == [False, True]
    with pytest.raises(NotNow):
        services.accept_gift(gift_id=gift.pk, by=friend)


def test_it_is_nobody_elses_to_take_and_not_for_sale_meanwhile(
    edition: Edition, user: User, make_user: Callable[..., User]
) -> None:
    gift = services.give_edition(owner=user, edition_id=edition.pk, to="friend@example.com")
    with pytest.raises(NotFound):
        services.accept_gift(gift_id=gift.pk, by=make_user())
    with pytest.raises(NotNow):
        services.give_edition(owner=user, edition_id=edition.pk, to="another@example.com")
    with pytest.raises(SoldOut):
        order(resell(edition, user), make_user())
    services.withdraw_gift(gift_id=gift.pk, by=user)
    assert buy(Sale.objects.get(edition=edition), make_user()).state == "owned"


def test_what_is_declined_or_forgotten_stays_with_its_owner(
    edition: Edition, user: User, make_user: Callable[..., User]
) -> None:
    friend = make_user()
    first = services.give_edition(owner=user, edition_id=edition.pk, to=friend.email)
    assert services.decline_gift(gift_id=first.pk, by=friend).state == "declined"
    second = services.give_edition(owner=user, edition_id=edition.pk, to=friend.email)
    Gift.objects.filter(pk=second.pk).update(expires_at=Now() - timedelta(seconds=1))
    with pytest.raises(NotNow):
        services.accept_gift(gift_id=second.pk, by=friend)
    services.lapse_gifts()
    assert Gift.objects.get(pk=second.pk).state == "lapsed"
    assert Edition.objects.get(pk=edition.pk).state == "sold"
    assert Ownership.objects.get().owner == user


def test_only_what_is_ones_own_and_not_on_offer_is_given(
    edition: Edition, user: User, make_user: Callable[..., User]
) -> None:
    with pytest.raises(NotFound):
        services.give_edition(owner=make_user(), edition_id=edition.pk, to="a@example.com")
    with pytest.raises(InvalidInput):
        services.give_edition(owner=user, edition_id=edition.pk, to=user.email)
    resell(edition, user)
    with pytest.raises(NotNow):
        services.give_edition(owner=user, edition_id=edition.pk, to="a@example.com")
    assert not Gift.objects.exists()
