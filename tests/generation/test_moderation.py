"""The gate: what it flags, what it lets pass, and that nobody sees what is held."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from generation import selectors, services
from generation.errors import ScreeningUnavailable, WorkHeld
from generation.models import Artwork, ArtworkFile, FlagKind, Job, Review
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound, PermissionRefused
from marketplace.core.storage import Bucket
from tests.generation import held
from tests.generation.moderation import magenta
from tests.generation.moderation.pictures import waves

pytestmark = pytest.mark.django_db(transaction=True)
EXPLICIT = Image.new("RGB", (256, 256), magenta.MAGENTA)


@pytest.fixture(autouse=True)
def magenta_is_explicit(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})


@pytest.fixture
def other(make_user: Callable[..., User]) -> User:
    return make_user()


def kinds(image: Image.Image, maker: User | None) -> list[FlagKind]:
    return [flag.kind for flag in services.screen_picture(image=image, maker=maker).flags]


def test_an_explicit_picture_is_flagged_with_its_score(user: User) -> None:
    screening = services.screen_picture(image=EXPLICIT, maker=user)
    assert (screening.explicit, screening.phash) == (1.0, None)
    assert [(flag.kind, flag.score, flag.resembles) for flag in screening.flags] == [(FlagKind.EXPLICIT, 1.0, None)]
    assert services.is_explicit(image=EXPLICIT)


def test_the_threshold_is_a_setting(user: User, settings: LazySettings) -> None:
    half = waves(1)
    half.paste(magenta.MAGENTA, (0, 0, 256, 128))
    assert not services.is_explicit(image=half)
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_threshold": 0.5})
    assert kinds(half, user) == [FlagKind.EXPLICIT]


def test_a_copy_of_anothers_work_on_the_wall_is_flagged(user: User, other: User) -> None:
    hung = held.hung(other, waves(1))
    held.hung(other, waves(2))
    copy = waves(1).resize((180, 200))
    [flag] = services.screen_picture(image=copy, maker=user).flags
    assert (flag.kind, flag.resembles) == (FlagKind.SIMILAR, hung)
    assert flag.score <= 8


def test_what_looks_like_nothing_on_the_wall_passes(user: User, other: User) -> None:
    held.hung(other, waves(1))
    screening = services.screen_picture(image=waves(3), maker=user)
    assert screening.flags == ()
    assert screening.phash is not None


def test_ones_own_work_may_be_made_again(user: User, other: User) -> None:
    artist = accounts.become_artist(user=user, name="Vera", bio="")
    held.hung(user, waves(1))
    Artwork.objects.update(maker=other, owner=None, artist=artist)
    assert kinds(waves(1), user) == []
    Artwork.objects.update(artist=None, owner=user)
    assert kinds(waves(1), user) == []
    assert kinds(waves(1), other) == []
    Artwork.objects.update(maker=user)
    assert kinds(waves(1), other) == kinds(waves(1), None) == [FlagKind.SIMILAR]


def test_works_that_do_not_hang_are_no_ones_business(user: User, other: User) -> None:
    held.work(other, waves(1))
    assert kinds(waves(1), user) == []


def test_the_most_alike_work_is_named(user: User, other: User) -> None:
    near = waves(1)
    near.paste((128, 128, 128), (0, 0, 60, 60))
    held.hung(other, near)
    exact = held.hung(other, waves(1))
    found = services.screen_picture(image=waves(1), maker=user).flags[0]
    assert (found.resembles, found.score) == (exact, 0)


def test_the_wall_is_asked_once(user: User, other: User) -> None:
    for seed in range(5):
        held.hung(other, waves(seed))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        services.screen_picture(image=waves(1), maker=user)
    assert len(asked) == 1


def test_hashes_of_both_signs_are_compared_as_bits(user: User) -> None:
    artwork = held.hung(user, waves(1))
    for stored, asked, distance in [(-1, 0, None), (-1, -2, 1), (-(2**63), -(2**63), 0), (2**63 - 1, -1, 1), (7, 0, 3)]:
        Artwork.objects.update(phash=stored)
        found = selectors.lookalike_on_wall(asked, maker=None, within=8)
        assert found == (None if distance is None else (artwork, distance))


def test_works_from_before_the_gate_are_hashed_later(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    held.hung(user, waves(1))
    Artwork.objects.update(phash=None)
    assert kinds(waves(1), None) == []
    call_command("hash_works")
    assert capsys.readouterr().out == "1 works hashed.\n"
    assert kinds(waves(1), None) == [FlagKind.SIMILAR]
    assert services.hash_works() == 0


def test_a_gate_that_does_not_work_lets_nothing_pass(user: User, settings: LazySettings) -> None:
    with pytest.raises(ScreeningUnavailable, match="ZeroDivisionError") as shut:
        services.screen_picture(image=Image.new("L", (10, 10)), maker=user)
    assert shut.value.transient
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": "no.such.Thing"})
    with pytest.raises(ScreeningUnavailable):
        services.is_explicit(image=EXPLICIT)


def test_a_held_work_has_no_file_that_anybody_could_fetch(user: User) -> None:
    artwork = held.work(user, EXPLICIT)
    assert artwork.visibility == "held"
    assert {file.bucket for file in artwork.files.all()} == {"private"}
    assert {held.fetched(url) for url in held.public_addresses(artwork)} <= {403, 404}
    for file in artwork.files.all():
        assert held.fetched(f"{storage.presigned_get(file.key).split('?')[0]}") == 403


def test_a_held_work_shows_no_picture_anywhere(user: User) -> None:
    held.work(user, EXPLICIT)
    artwork = selectors.artwork_by_id(Artwork.objects.get().pk, user)
    assert (artwork.thumbnail_url, artwork.preview_url(), artwork.srcset("webp"), artwork.srcset("avif")) == ("",) * 4
    assert not selectors.may_download(user, artwork)
    assert list(selectors.collection_of(user)) == []
    assert list(selectors.artworks_of(user)) == [artwork]
    assert list(selectors.wall()) == []


def test_nobody_but_its_owner_curators_and_staff_know_of_a_held_work(
    user: User, other: User, make_user: Callable[..., User]
) -> None:
    artwork = held.work(user, EXPLICIT)
    with pytest.raises(NotFound):
        selectors.artwork_by_id(artwork.pk, other)
    with pytest.raises(NotFound):
        selectors.artwork_by_id(artwork.pk, None)
    staff = make_user(is_staff=True)
    assert selectors.artwork_by_id(artwork.pk, staff) == artwork
    assert not selectors.may_download(staff, artwork)
    with pytest.raises(PermissionRefused):
        selectors.reviews_for(user)
    assert selectors.reviews_for(staff).get().artwork == artwork


def test_a_held_work_is_neither_hung_nor_taken_down(user: User, other: User) -> None:
    artwork, curator = held.work(user, EXPLICIT), held.make_curator(other)
    for act in (services.hang_artwork, services.take_down_artwork, services.undo_curation):
        with pytest.raises(WorkHeld):
            act(artwork_id=artwork.pk, curator=curator)
    artwork.refresh_from_db()
    assert artwork.visibility == "held"


def test_a_held_work_is_no_engines_input(user: User) -> None:
    artwork = held.work(user, EXPLICIT)
    original = artwork.original
    assert original is not None
    assert selectors.usable_keys({original.key}, user) == {}
    with pytest.raises(PermissionRefused):
        selectors.input_from_artwork(name="picture", artwork_id=artwork.pk, user=user)


def test_the_last_picture_of_a_held_works_making_is_taken_out_of_sight(user: User) -> None:
    key = services.store_file(
        bucket=Bucket.PUBLIC, prefix="stages", data=b"halfway", extension="webp", media_type="image/webp"
    )
    assert held.fetched(storage.public_url(key)) == 200
    job = Job.objects.create(
        owner=user, engine="flow-field", engine_version="1", seed=1, queue="cpu", preview_key=key
    )  # fmt: skip
    held.finish(job, EXPLICIT, services.screen_picture(image=EXPLICIT, maker=user))
    assert held.fetched(storage.public_url(key)) in {403, 404}
    assert selectors.job_snapshot(job.pk).preview_url == ""


def test_a_work_with_a_public_file_cannot_be_held(user: User) -> None:
    artwork = held.work(user, waves(1))
    flagged = services.screen_picture(image=EXPLICIT, maker=user)
    with pytest.raises(ValueError, match="no file in public"), transaction.atomic():
        services.hold_artwork(artwork=artwork, screening=flagged)
    assert not Review.objects.exists()


def test_the_database_refuses_a_public_original(user: User) -> None:
    artwork = held.work(user)
    with pytest.raises(IntegrityError, match="original_is_private"):
        ArtworkFile.objects.filter(artwork=artwork, role="original").update(bucket="public")


def test_the_database_refuses_a_review_of_two_things_or_none(user: User) -> None:
    artwork = held.work(user, EXPLICIT)
    with pytest.raises(IntegrityError, match="of_one_picture"):
        Review.objects.update(artwork=None)
    with pytest.raises(IntegrityError, match="one_of_artwork"):
        Review.objects.create(artwork=artwork, explicit=1.0, is_explicit=True)
    with pytest.raises(IntegrityError, match="has_a_cause"):
        Review.objects.update(is_explicit=False)
