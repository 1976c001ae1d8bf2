"""Hanging works, taking them down, and undoing it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from generation import selectors, services
from generation.errors import NothingToUndo
from generation.models import Artwork, CurationAct
from marketplace.accounts.models import CURATORS, User
from marketplace.core.errors import NotFound, PermissionRefused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curator(make_user: Callable[..., User]) -> User:
    person = make_user()
    person.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return person


@pytest.fixture
def artwork(make_artwork: Callable[..., Artwork]) -> Artwork:
    return make_artwork()


def test_a_work_is_seen_by_everybody_only_while_it_hangs(
    artwork: Artwork, curator: User, make_user: Callable[..., User]
) -> None:
    stranger = make_user()
    for viewer in (None, stranger):
        with pytest.raises(NotFound):
            selectors.artwork_by_id(artwork.pk, viewer)

    services.hang_artwork(artwork_id=artwork.pk, curator=curator)
    assert list(selectors.wall()) == [artwork]
    assert selectors.artwork_by_id(artwork.pk, None) == artwork
    assert not selectors.may_download(stranger, artwork)

    services.take_down_artwork(artwork_id=artwork.pk, curator=curator, reason="a copy")
    assert list(selectors.wall()) == []
    with pytest.raises(NotFound):
        selectors.artwork_by_id(artwork.pk, stranger)
    assert selectors.artwork_by_id(artwork.pk, artwork.maker) == artwork
    assert selectors.artwork_by_id(artwork.pk, curator) == artwork


def test_acts_are_undone_one_by_one(artwork: Artwork, curator: User) -> None:
    hung = services.hang_artwork(artwork_id=artwork.pk, curator=curator)
    services.take_down_artwork(artwork_id=artwork.pk, curator=curator)

    again = services.undo_curation(artwork_id=artwork.pk, curator=curator)
    assert (again.visibility, again.hung_at, again.taken_down_at) == ("wall", hung.hung_at, None)
    before = services.undo_curation(artwork_id=artwork.pk, curator=curator)
    assert (before.visibility, before.hung_at) == ("private", None)
    with pytest.raises(NothingToUndo):
        services.undo_curation(artwork_id=artwork.pk, curator=curator)
    assert set(CurationAct.objects.values_list("undone_by", flat=True)) == {curator.pk}


def test_hanging_what_hangs_changes_nothing(artwork: Artwork, curator: User) -> None:
    first = services.hang_artwork(artwork_id=artwork.pk, curator=curator)
    second = services.hang_artwork(artwork_id=artwork.pk, curator=curator)
    assert first.hung_at == second.hung_at
    assert CurationAct.objects.count() == 1


def test_only_curators_decide_what_hangs(artwork: Artwork) -> None:
    for act in (services.hang_artwork, services.take_down_artwork, services.undo_curation):
        with pytest.raises(PermissionRefused):
            act(artwork_id=artwork.pk, curator=artwork.maker)
    artwork.refresh_from_db()
    assert artwork.visibility == "private"


def test_a_work_is_named_by_its_maker_alone(artwork: Artwork, make_user: Callable[..., User]) -> None:
    assert artwork.display_title == "Untitled (toy)"
    with pytest.raises(PermissionRefused):
        services.title_artwork(artwork_id=artwork.pk, title="Mine", by=make_user())
    assert str(services.title_artwork(artwork_id=artwork.pk, title=" Noise ", by=artwork.maker)) == "Noise"


def test_pages_get_previews_of_the_size_they_ask_for(make_artwork: Callable[..., Artwork]) -> None:
    artwork = make_artwork(size=600)
    assert artwork.srcset("avif").split()[1::2] == ["320w,", "600w"]
    urls = [artwork.preview_url(at_least) for at_least in (100, 500, 5000)]
    assert urls[0] != urls[1] == urls[2]
    assert artwork.thumbnail_url.endswith(".webp")
