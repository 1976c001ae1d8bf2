"""What curators decide about held works: cleared, refused, undone, by two at once."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.conf import LazySettings
from django.db import connection
from PIL import Image

from generation import selectors, services
from generation.errors import NothingToUndo, ReviewDecided, ReviewFinal
from generation.models import Artwork, Job, Review, ReviewState
from generation.services import files
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound, PermissionRefused
from marketplace.core.storage import Bucket, StorageUnavailable
from tests.generation import held
from tests.generation.conftest import told
from tests.generation.moderation import magenta

pytestmark = pytest.mark.django_db(transaction=True)
EXPLICIT = Image.new("RGB", (256, 256), magenta.MAGENTA)


@pytest.fixture(autouse=True)
def magenta_is_explicit(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})


@pytest.fixture
def curator(make_user: Callable[..., User]) -> User:
    return held.make_curator(make_user())


@pytest.fixture
def artwork(user: User) -> Artwork:
    return held.work(user, EXPLICIT)


@pytest.fixture
def review(artwork: Artwork) -> Review:
    return held.review_of(artwork)


def clear(review: Review, curator: User) -> Review:
    return services.clear_review(review_id=review.pk, curator=curator, note=" fine ")


def refuse(review: Review, curator: User) -> Review:
    return services.refuse_review(review_id=review.pk, curator=curator, note="Not here.")


def undo(review: Review, curator: User) -> Review:
    return services.undo_review(review_id=review.pk, curator=curator)


def is_public(artwork: Artwork) -> bool:
    """Can anybody fetch all that is shown of it, or nothing at all?"""
    answers = sorted({held.fetched(url) for url in held.public_addresses(artwork) if "/previews/" in url})
    assert answers in ([200], [403], [404]), answers
    return answers == [200]


def test_a_cleared_work_is_its_owners_to_see(artwork: Artwork, review: Review, curator: User, user: User) -> None:
    assert not is_public(artwork)
    cleared = clear(review, curator)
    assert (cleared.state, cleared.decided_by, cleared.note) == ("cleared", curator, "fine")
    assert told("artwork.cleared") == [str(artwork.pk)]
    seen = selectors.artwork_by_id(artwork.pk, user)
    assert seen.visibility == "private"
    assert is_public(seen)
    assert all(held.fetched(address.split(" ")[0]) == 200 for address in seen.srcset("webp").split(", "))
    assert selectors.may_download(user, seen)
    assert seen.original is not None
    assert seen.original.bucket == "private"
    assert Job.objects.get().preview_url == seen.preview_url(480)
    services.hang_artwork(artwork_id=artwork.pk, curator=curator)


def test_what_is_left_in_private_after_clearing_is_swept(
    artwork: Artwork, review: Review, curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear(review, curator)
    left = [item.key for item in storage.list_objects(Bucket.PRIVATE, "held/")]
    assert left
    monkeypatch.setattr(files, "YOUNG", -files.YOUNG)
    services.remove_orphans()
    assert list(storage.list_objects(Bucket.PRIVATE, "held/")) == []
    artwork = Artwork.objects.get()
    assert is_public(artwork)


def test_the_files_of_a_held_work_are_no_orphans(artwork: Artwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "YOUNG", -files.YOUNG)
    services.remove_orphans()
    assert all(storage.head(Bucket.PRIVATE, file.key) for file in artwork.files.all())


def test_a_refused_work_stays_out_of_sight(artwork: Artwork, review: Review, curator: User) -> None:
    refused = refuse(review, curator)
    assert (refused.state, refused.note, told("artwork.refused")) == ("refused", "Not here.", [str(artwork.pk)])
    artwork.refresh_from_db()
    assert artwork.visibility == "held"
    assert not is_public(artwork)


def test_deciding_twice_is_deciding_once_and_otherwise_an_error(review: Review, curator: User) -> None:
    assert clear(review, curator).decided_at == clear(review, curator).decided_at
    assert len(told("artwork.cleared")) == 1
    with pytest.raises(ReviewDecided):
        refuse(review, curator)
    second = undo(review, curator)
    refuse(second, curator)
    refuse(second, curator)
    with pytest.raises(ReviewDecided):
        clear(second, curator)
    assert len(told("artwork.refused")) == 1


def test_a_clearance_is_undone(artwork: Artwork, review: Review, curator: User, user: User) -> None:
    clear(review, curator)
    services.hang_artwork(artwork_id=artwork.pk, curator=curator)
    again = undo(review, curator)
    assert (again.state, again.explicit, again.is_explicit, again.artwork) == ("waiting", 1.0, True, artwork)
    review.refresh_from_db()
    assert (review.state, review.undone_by) == ("cleared", curator)
    assert told("artwork.held") == [str(artwork.pk)]
    seen = selectors.artwork_by_id(artwork.pk, user)
    assert (seen.visibility, seen.preview_url(), selectors.may_download(user, seen)) == ("held", "", False)
    assert not is_public(seen)
    assert list(selectors.wall()) == []
    assert Job.objects.get().preview_key == ""
    clear(again, curator)
    assert is_public(Artwork.objects.get())


def test_a_refusal_is_undone(artwork: Artwork, review: Review, curator: User) -> None:
    refuse(review, curator)
    again = undo(review, curator)
    assert selectors.reviews_for(curator).get() == again
    clear(again, curator)
    assert is_public(Artwork.objects.get())
    assert told("artwork.held") == []


def test_what_waits_or_was_undone_cannot_be_undone(review: Review, curator: User) -> None:
    with pytest.raises(NothingToUndo):
        undo(review, curator)
    refuse(review, curator)
    undo(review, curator)
    for act in (undo, clear, refuse):
        with pytest.raises(NothingToUndo):
            act(review, curator)


def test_a_decision_that_others_built_on_is_final(artwork: Artwork, review: Review, curator: User) -> None:
    assert not services.settle_review(artwork_id=artwork.pk, state=ReviewState.CLEARED, because="x")
    refuse(review, curator)
    assert services.settle_review(artwork_id=artwork.pk, state=ReviewState.REFUSED, because="The money went back.")
    with pytest.raises(ReviewFinal, match="The money went back."):
        undo(review, curator)
    assert not selectors.reviews_for(curator).get().can_be_undone


def test_a_work_that_was_never_held_counts_as_cleared(user: User) -> None:
    artwork = held.work(user)
    assert services.settle_review(artwork_id=artwork.pk, state=ReviewState.CLEARED, because="x")
    assert not services.settle_review(artwork_id=artwork.pk, state=ReviewState.REFUSED, because="x")


def test_only_curators_decide(review: Review, user: User, make_user: Callable[..., User]) -> None:
    for person in (user, make_user(is_staff=True)):
        for act in (clear, refuse, undo):
            with pytest.raises(PermissionRefused):
                act(review, person)
    review.refresh_from_db()
    assert review.state == "waiting"


def test_a_review_that_is_not_there(curator: User, user: User) -> None:
    with pytest.raises(NotFound):
        services.clear_review(review_id=user.pk, curator=curator)
    with pytest.raises(NotFound):
        services.refuse_review(review_id=user.pk, curator=curator)


def test_a_store_that_fails_half_way_leaves_the_work_held(
    artwork: Artwork, review: Review, curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise StorageUnavailable("away")

    monkeypatch.setattr("generation.services.reviews.place_files", fail)
    with pytest.raises(StorageUnavailable):
        clear(review, curator)
    review.refresh_from_db()
    artwork.refresh_from_db()
    assert (review.state, artwork.visibility, told("artwork.cleared")) == ("waiting", "held", [])
    assert not is_public(artwork)
    monkeypatch.undo()


def test_two_curators_who_differ_at_the_same_moment_come_to_one_decision(
    artwork: Artwork, review: Review, curator: User
) -> None:
    start, outcomes = Barrier(2), []

    def decide(act: Callable[[Review, User], Review]) -> None:
        start.wait()
        try:
            outcomes.append(act(review, curator).state)
        except ReviewDecided:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(act,)) for act in (clear, refuse)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    review.refresh_from_db()
    artwork = Artwork.objects.get()
    assert sorted(outcomes) == sorted([review.state, "too late"])
    assert (artwork.visibility == "private") == is_public(artwork) == (review.state == "cleared")
    assert len(told("artwork.cleared")) + len(told("artwork.refused")) == 1
