"""New for you: what is suggested, why, and what is not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from gallery import services
from gallery.models import Dismissal, Seen
from gallery.selectors.suggestions.mixing import IN_A_ROW, mixed
from generation.models import Artwork, Holder
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging
from tests.gallery.discovery.people import hang, save
from tests.marketplace.accounts.people import curator

ADDRESS, DISMISSALS = "/api/v1/for-you/", "/api/v1/for-you/dismissals/"


def suggested(api: APIClient) -> dict[str, str]:
    """The reasons by titles."""
    return {one["artwork"]["title"]: one["reason"]["words"] for one in api.get(ADDRESS).json()}


@pytest.mark.django_db
def test_each_suggestion_says_why(api: APIClient, user: User, painter: Artist, weaver: Artist) -> None:
    assert suggested(api) == {}
    services.follow_artist(person=user, slug=painter.slug)
    hang(painter.user, title="Of one I follow", engine="texture")
    save(user, *[hang(weaver.user) for _ in range(3)])
    hang(weaver.user, title="Of one I keep", engine="texture")
    hang(hanging.artist("Bridget Riley").user, title="Made like those", engine="flow-field")
    hang(hanging.artist("Josef Albers").user, title="Of a stranger", engine="texture")
    assert suggested(api) == {
        "Of one I follow": "Because you follow Anni Albers",
        "Of one I keep": "Because you keep 3 works by Gunta Stölzl",
        "Made like those": "Because you keep 3 works made by flow field",
    }


@pytest.mark.django_db
def test_nothing_is_suggested_that_one_knows(api: APIClient, user: User, painter: Artist) -> None:
    services.follow_artist(person=user, slug=painter.slug)
    seen, saved, held, owned, dismissed, new = [
        hang(painter.user, title=name, engine="texture")
        for name in ("seen", "saved", "held", "owned", "dismissed", "new")
    ]
    Seen.objects.create(person=user, artwork=seen)
    save(user, saved)
    Holder.objects.create(artwork=held, user=user)
    Artwork.objects.filter(pk=owned.pk).update(owner=user)
    assert api.post(DISMISSALS, {"artwork": str(dismissed.pk)}, format="json").status_code == 204
    assert list(suggested(api)) == [new.title]
    accounts.suspend_artist(curator=curator(), artist_id=painter.pk, reason="Not theirs.")
    assert suggested(api) == {}


@pytest.mark.django_db
def test_less_of_this_is_less_for_ninety_days_and_can_be_undone(api: APIClient, user: User, painter: Artist) -> None:
    services.follow_artist(person=user, slug=painter.slug)
    hang(painter.user)
    [one] = api.get(ADDRESS).json()
    for _ in range(2):
        assert api.post(DISMISSALS, {"reason": one["reason"]["key"]}, format="json").status_code == 204
    assert suggested(api) == {}
    [told] = api.get(DISMISSALS).json()["results"]
    assert told["words"] == "Works by Anni Albers"
    Dismissal.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert len(suggested(api)) == 1
    api.post(DISMISSALS, {"reason": one["reason"]["key"]}, format="json")
    assert api.delete(f"{DISMISSALS}{told['id']}/").status_code == 204
    assert len(suggested(api)) == 1


@pytest.mark.django_db
def test_dismissals_are_of_what_there_is_and_ones_own(
    api: APIClient, user: User, painting: Artwork, make_user: Callable[..., User],
    client_of: Callable[[User], APIClient],
) -> None:  # fmt: skip
    for nonsense in ({}, {"reason": "gossip:1"}, {"reason": f"artist:{uuid4()}"}, {"reason": "engine:crayon"},
                     {"reason": "artist:x"}, {"artwork": str(painting.pk), "reason": "engine:texture"}):  # fmt: skip
        assert api.post(DISMISSALS, nonsense, format="json").status_code == 422, nonsense
    assert api.post(DISMISSALS, {"artwork": str(uuid4())}, format="json").status_code == 404
    kept = services.dismiss_reason(person=user, key="engine:texture")
    assert client_of(make_user()).delete(f"{DISMISSALS}{kept.pk}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 8])
def test_more_suggestions_need_no_more_queries(
    api: APIClient, user: User, painter: Artist, weaver: Artist, number: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    services.follow_artist(person=user, slug=painter.slug)
    save(user, *[hang(weaver.user) for _ in range(3)])
    for artist in (painter, weaver):
        for _ in range(number):
            hang(artist.user)
    with django_assert_max_num_queries(18):
        api.get(ADDRESS)


@dataclass(frozen=True)
class One:
    """A work by its number, and whose it is."""

    artwork_id: UUID
    artist_id: UUID | None


_works = st.builds(
    lambda work, artist: One(UUID(int=work), UUID(int=artist % 3) if artist else None),
    st.integers(0, 40), st.integers(0, 9),
)  # fmt: skip


@given(st.lists(st.lists(_works, max_size=8), max_size=5), st.integers(1, 24))
def test_whatever_is_mixed_no_work_comes_twice_and_no_artist_thrice_before_another(
    sources: list[list[One]], limit: int
) -> None:
    row = mixed(sources, limit)
    works = [one.artwork_id for one in row]
    there = {one.artwork_id for source in sources for one in source}
    assert len(works) == len(set(works)) == min(limit, len(there))
    for place in range(len(row) - IN_A_ROW):
        artists = {one.artist_id for one in row[place : place + IN_A_ROW + 1]}
        rest = {one.artist_id for one in row[place + IN_A_ROW :]}
        assert len(artists) > 1 or artists == {None} or rest == artists


@pytest.mark.django_db
def test_reasons_are_said_in_the_readers_language(api: APIClient, user: User, painter: Artist, weaver: Artist) -> None:
    save(user, *[hang(weaver.user) for _ in range(3)])
    hang(painter.user, title="Alike")
    said = api.get(ADDRESS, headers={"Accept-Language": "zh-Hans"}).json()
    assert ["流场" in one["reason"]["words"] for one in said if one["artwork"]["title"] == "Alike"] == [True]
