"""Works and series are issued once, by their artist, in editions that are numbered at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error
from django.utils import timezone

from generation.errors import ModelUnavailable
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.models import AuditEntry
from marketplace.listings import services
from marketplace.listings.errors import AlreadyIssued, NotForSale, NotYourWork, WorkHasOwner
from marketplace.listings.models import Release
from marketplace.listings.services import Contribution, Series, Terms
from tests.gallery import hanging
from tests.marketplace.listings.selling import drafted, edition_sold, issued, on_sale, soon
from tests.marketplace.modelling import trained_model


def test_a_limited_release_numbers_its_editions_at_once(artwork: Artwork, make_user: Callable[..., User]) -> None:
    friend = make_user(email="friend@example.com")
    named = [Contribution("Friend@example.com", 1500), Contribution(hanging.artist("Anni Albers").slug, 500)]
    release = issued(artwork, 25, description=" Ink. ", royalty_bps=750, contributors=named)
    assert [edition.number for edition in release.editions.order_by("number")] == list(range(1, 26))
    assert set(release.editions.values_list("state", flat=True)) == {"free"}
    assert (release.title, release.description, release.size, release.numbered) == ("Ink River", "Ink.", 25, 25)
    assert release.contributors.get(user=friend).share_bps == 1500
    assert str(release.editions.get(number=3)) == "Ink River, 3 of 25"
    assert AuditEntry.objects.of(release).get().operation == "insert"


def test_a_timed_release_has_no_numbers_before_it_is_sold(artwork: Artwork) -> None:
    release = issued(artwork, None)
    assert (release.size, release.numbered, release.editions.count()) == (None, 0, 0)


def test_a_work_is_issued_once(artwork: Artwork) -> None:
    issued(artwork)
    with pytest.raises(AlreadyIssued):
        issued(artwork, 1)
    assert Release.objects.count() == 1


def test_what_was_made_for_somebody_is_not_the_artists_to_issue(artwork: Artwork, user: User) -> None:
    Artwork.objects.filter(pk=artwork.pk).update(owner=user)
    with pytest.raises(WorkHasOwner):
        issued(artwork)


def test_a_commission_that_was_delivered_is_issued_already(artwork: Artwork, artist: Artist) -> None:
    services.issue_single(artwork=artwork, artist=artist)
    with pytest.raises(AlreadyIssued):
        issued(artwork)


@pytest.mark.parametrize("visibility", [Visibility.HELD, Visibility.HIDDEN])
def test_what_is_held_back_or_taken_down_is_not_issued(artwork: Artwork, visibility: str) -> None:
    Artwork.objects.filter(pk=artwork.pk).update(visibility=visibility, taken_down_at=timezone.now())
    with pytest.raises(NotForSale):
        issued(artwork)


def test_nobody_issues_anothers_work(artwork: Artwork, user: User) -> None:
    with pytest.raises(NotYourWork):
        services.issue_release(artist_user=user, artwork_id=artwork.pk, terms=Terms(size=1))
    Artwork.objects.filter(pk=artwork.pk).update(visibility=Visibility.PRIVATE)
    with pytest.raises(NotFound):
        services.issue_release(artist_user=user, artwork_id=artwork.pk, terms=Terms(size=1))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 10_001}, "size"),
        ({"royalty_bps": 2501}, "royalty_bps"),
        ({"title": "x" * 121}, "title"),
        ({"contributors": [Contribution("nobody@example.com", 10)]}, "contributors"),
        ({"contributors": [Contribution("friend@example.com", 0)]}, "contributors"),
        ({"contributors": [Contribution("friend@example.com", 10_001)]}, "contributors"),
        ({"contributors": [Contribution("friend@example.com", 1)] * 2}, "contributors"),
    ],
)
def test_what_is_not_possible_is_refused_by_field(
    artwork: Artwork, make_user: Callable[..., User], wrong: dict[str, Any], field: str
) -> None:
    make_user(email="friend@example.com")
    with pytest.raises(InvalidInput) as caught:
        issued(artwork, **({"size": 3} | wrong))
    assert list(caught.value.data["errors"]) == [field]
    assert not Release.objects.exists()


def test_an_artist_is_no_contributor_of_their_own(artwork: Artwork, artist: Artist) -> None:
    with pytest.raises(InvalidInput, match="contributor"):
        issued(artwork, contributors=[Contribution(artist.slug, 10)])


def test_a_series_is_issued_with_every_parameter_settled(artist: Artist) -> None:
    model = trained_model(artist)
    series = Series(model.pk, "gan", {"truncation": 0.5})
    release = services.issue_series(artist_user=artist.user, series=series, terms=Terms(size=10))
    assert (release.is_series, release.title, release.editions.count()) == (True, "Tides", 10)
    assert release.parameters["truncation"] == 0.5
    assert "size" in release.parameters
    model.refresh_from_db()
    assert model.is_reserved


@pytest.mark.parametrize(
    ("engine", "parameters", "field"),
    [
        ("crayon", {}, "engine"),
        ("flow-field", {}, "engine"),
        ("gan-project", {}, "engine"),  # needs a photograph
        ("gan", {"truncation": 99}, "parameters.truncation"),
    ],
)
def test_a_series_needs_an_engine_that_can_make_it(
    artist: Artist, engine: str, parameters: dict[str, Any], field: str
) -> None:
    series = Series(trained_model(artist).pk, engine, parameters)
    with pytest.raises(InvalidInput) as caught:
        services.issue_series(artist_user=artist.user, series=series, terms=Terms(size=10))
    assert list(caught.value.data["errors"]) == [field]


@pytest.mark.parametrize(
    ("state", "more"), [("draft", {}), ("deprecated", {}), ("withdrawn", {"state_before": "published"})]
)
def test_a_model_that_is_not_open_is_not_issued(artist: Artist, state: str, more: dict[str, Any]) -> None:
    model = trained_model(artist, state=state, **more)
    with pytest.raises(ModelUnavailable):
        services.issue_series(artist_user=artist.user, series=Series(model.pk, "gan"), terms=Terms(size=10))


def test_nobody_issues_anothers_model(artist: Artist) -> None:
    other = hanging.artist("Anni Albers")
    for model, error in [
        (trained_model(artist), NotYourWork),
        (trained_model(artist, name="B", state="draft"), NotFound),
    ]:
        with pytest.raises(error):
            services.issue_series(artist_user=other.user, series=Series(model.pk, "gan"), terms=Terms(size=10))


def test_what_was_never_offered_can_be_taken_back(artwork: Artwork, seller: User) -> None:
    release = issued(artwork)
    drafted(release)
    services.withdraw_release(artist_user=seller, release_id=release.pk)
    assert not Release.objects.exists()
    assert issued(artwork, 1).size == 1


def test_what_was_offered_stays_issued(artwork: Artwork, seller: User, user: User) -> None:
    sale = on_sale(artwork)
    with pytest.raises(Conflict):
        services.withdraw_release(artist_user=seller, release_id=sale.issued.pk)
    with pytest.raises(NotFound):
        services.withdraw_release(artist_user=user, release_id=sale.issued.pk)


def test_a_timed_edition_has_as_many_as_were_sold(artwork: Artwork) -> None:
    """Numbers lie ready in advance: those beyond the last one sold never existed, a gap before it is the artist's."""
    sale = on_sale(artwork, size=None, closes_at=soon(days=1))
    release = sale.issued
    release.editions.bulk_create(release.editions.model(release=release, number=number) for number in range(1, 7))
    Release.objects.filter(pk=release.pk).update(numbered=6)
    edition_sold(release, 1)
    last = edition_sold(release, 3)
    services.settle_size(release_id=release.pk)
    assert Release.objects.get().size is None  # it is still on sale
    services.end_sale(sale_id=sale.pk)
    release.editions.filter(pk=last.pk).update(state="reserved")
    services.settle_size(release_id=release.pk)
    assert Release.objects.get().size is None  # somebody is just paying
    release.editions.filter(pk=last.pk).update(state="sold")
    assert services.settle_timed_releases() == 1
    release.refresh_from_db()
    assert (release.size, release.numbered) == (3, 3)
    states = list(release.editions.order_by("number").values_list("state", flat=True))
    assert states == ["sold", "free", "sold", "void", "void", "void"]
    assert services.settle_timed_releases() == 0


def test_the_database_refuses_numbers_beyond_the_size(artwork: Artwork) -> None:
    release = issued(artwork, 3)
    with pytest.raises(Error, match="listings_release_within_size"):
        Release.objects.filter(pk=release.pk).update(numbered=4)
