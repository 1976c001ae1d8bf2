"""Taking a work down reaches its files: no public address of it answers, until it is brought back."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import LazySettings

from generation import selectors, services
from generation.models import Artwork, Withdrawal
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.models import OutboxEvent
from tests.generation import held
from tests.generation.moderation.pictures import waves
from tests.listener import listening

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curator(make_user: Callable[..., User]) -> User:
    return held.make_curator(make_user())


@pytest.fixture
def artwork(user: User) -> Artwork:
    return held.hung(user, waves(3))


def addresses(artwork: Artwork) -> list[str]:
    return [file.url for file in Artwork.objects.get(pk=artwork.pk).files.all() if file.url]


def tell() -> None:
    """What the outbox would have the worker do."""
    for subject in OutboxEvent.objects.filter(topic="artwork.curated", done_at=None).values_list(
        "subject_id", flat=True
    ):
        services.shelve_artwork(artwork_id=UUID(subject))


def test_public_addresses_die_with_a_takedown_and_live_again_when_it_is_undone(
    artwork: Artwork, curator: User, user: User
) -> None:
    public = addresses(artwork)
    assert [held.fetched(address) for address in public] == [200] * 4

    services.take_down_artwork(artwork_id=artwork.pk, curator=curator, reason="Not theirs.")
    tell()
    assert {held.fetched(address) for address in public} == {404}
    assert addresses(artwork) == []
    down = Artwork.objects.get(pk=artwork.pk)
    assert down.preview_url() == down.thumbnail_url == ""
    assert selectors.may_download(user, down)
    assert held.fetched(selectors.original_url(down)) == 200

    services.undo_curation(artwork_id=artwork.pk, curator=curator)
    tell()
    assert sorted(addresses(artwork)) == sorted(public)
    assert [held.fetched(address) for address in public] == [200] * 4
    back = Artwork.objects.get(pk=artwork.pk)
    assert (back.visibility, back.hung_at) == ("wall", artwork.hung_at)


def test_what_another_work_shows_stays(artwork: Artwork, curator: User, user: User) -> None:
    twin = held.hung(user, waves(3))
    services.take_down_artwork(artwork_id=artwork.pk, curator=curator)
    tell()
    assert addresses(artwork) == []
    assert [held.fetched(address) for address in addresses(twin)] == [200] * 4


def test_caches_are_told_and_told_again_where_they_do_not_answer(
    artwork: Artwork, curator: User, settings: LazySettings
) -> None:
    public = addresses(artwork)
    with listening() as cdn:
        cdn.answers = [503]
        asked = {"cdn_purge_urls": [cdn.url], "webhooks_to_private": True}
        settings.ATELIER = settings.ATELIER.model_copy(update=asked)
        services.take_down_artwork(artwork_id=artwork.pk, curator=curator)
        tell()
        assert {row.last_error for row in Withdrawal.objects.all()} == {f"{cdn.url} answered 503."}
        Withdrawal.objects.update(due_at=artwork.created_at)
        assert services.finish_withdrawals() == 4
    assert sorted(json.loads(cdn.heard[-1].body)["files"]) == sorted(public)
    assert not Withdrawal.objects.filter(settled_at=None).exists()


def test_what_lay_in_public_before_takedowns_moved_files_is_moved_by_the_chore(artwork: Artwork) -> None:
    public = addresses(artwork)
    Artwork.objects.filter(pk=artwork.pk).update(visibility="hidden", taken_down_at=artwork.created_at)
    assert services.shelve_misplaced() == 1
    assert {held.fetched(address) for address in public} == {404}
    assert services.shelve_misplaced() == 0


def test_shared_caches_ask_again_within_the_hour_and_browsers_keep_what_they_saw() -> None:
    assert "s-maxage=3600" in storage.FOREVER
    assert "immutable" in storage.FOREVER


def test_the_house_takes_down_and_a_curator_brings_back_to_the_same_place(artwork: Artwork, curator: User) -> None:
    services.hide_artwork(artwork_id=artwork.pk, reason="Reported.")
    assert Artwork.objects.get(pk=artwork.pk).visibility == "hidden"
    back = services.bring_back_artwork(artwork_id=artwork.pk, curator=curator)
    assert (back.visibility, back.hung_at, back.taken_down_at) == ("wall", artwork.hung_at, None)
    assert list(artwork.curation_acts.values_list("curator", flat=True)) == [curator.pk, None]
    again = services.undo_curation(artwork_id=artwork.pk, curator=curator)
    assert again.visibility == "hidden"
