"""Becoming an artist, and the profiles that all may read."""

import pytest
from rest_framework.test import APIClient

from marketplace.accounts import services
from marketplace.accounts.errors import AlreadyArtist, SlugTaken
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput
from tests.marketplace.accounts.people import member, token_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def artist(user: User) -> Artist:
    return services.become_artist(user=user, name="Inès Moreau", bio="Prints.")


def test_nobody_becomes_an_artist_by_themselves(api: APIClient, user: User) -> None:
    assert api.post("/api/v1/artists/", {"name": "Inès Moreau"}, format="json").status_code == 405
    assert "publish" not in api.get("/api/v1/me/").json()["scopes"]


def test_an_artist_is_found_by_all(artist: Artist, api: APIClient) -> None:
    for address in ("/api/v1/artists/ines-moreau/", "/api/v1/artists/"):
        assert "Inès Moreau" in APIClient().get(address).content.decode()
    me = api.get("/api/v1/me/").json()
    assert me["artist"]["slug"] == "ines-moreau"
    assert "publish" in me["scopes"]


def test_a_profile_shows_nothing_private(artist: Artist, user: User) -> None:
    shown = APIClient().get("/api/v1/artists/ines-moreau/").json()
    public = {"id", "slug", "name", "bio", "links", "state", "created_at", "portrait", "is_verified"}
    assert set(shown) == public | {"commissions", "works", "sales"}
    assert user.email not in str(shown)


def test_a_second_profile_is_refused(artist: Artist, user: User) -> None:
    with pytest.raises(AlreadyArtist):
        services.become_artist(user=user, name="Another")
    assert Artist.objects.count() == 1


def test_a_taken_slug_is_refused_but_a_taken_name_finds_another_slug(artist: Artist) -> None:
    with pytest.raises(SlugTaken):
        services.become_artist(user=member(), name="Inès Moreau", slug="ines-moreau")
    assert services.become_artist(user=member(), name="Inès Moreau").slug.startswith("ines-moreau-")


def test_a_name_without_latin_letters_gets_a_slug(user: User) -> None:
    assert services.become_artist(user=user, name="青木").slug.startswith("artist-")


def test_the_artist_alone_changes_their_profile(artist: Artist, api: APIClient, user: User) -> None:
    changed = api.patch("/api/v1/artists/ines-moreau/", {"bio": "Etchings."}, format="json")
    assert (changed.status_code, changed.json()["bio"], changed.json()["name"]) == (200, "Etchings.", "Inès Moreau")
    stranger = token_client(member(), ["profile"])
    assert stranger.patch("/api/v1/artists/ines-moreau/", {"name": "X"}, format="json").status_code == 403
    assert APIClient().patch("/api/v1/artists/ines-moreau/", {"name": "X"}, format="json").status_code == 401
    assert stranger.patch("/api/v1/artists/nobody/", {"name": "X"}, format="json").status_code == 404
    artist.refresh_from_db()
    assert artist.name == "Inès Moreau"


def test_what_a_form_would_refuse_the_service_refuses(artist: Artist, user: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.become_artist(user=member(), name=" ", slug="not a slug")
    assert set(refused.value.data["errors"]) == {"name", "slug"}
    assert services.update_artist(user=user, slug=artist.slug, name=" I. Moreau ").name == "I. Moreau"


def test_artists_come_newest_first_page_by_page() -> None:
    for number in range(3):
        services.become_artist(user=member(), name=f"Artist {number}")
    services.become_artist(user=member(is_active=False), name="Gone")
    first = APIClient().get("/api/v1/artists/", {"page_size": 2}).json()
    assert [row["name"] for row in first["results"]] == ["Artist 2", "Artist 1"]
    second = APIClient().get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Artist 0"]
    assert second["next"] is None


def test_people_choose_the_name_that_others_see(api: APIClient) -> None:
    assert api.patch("/api/v1/me/", {"display_name": " Ada "}, format="json").json()["name"] == "Ada"
    assert api.get("/api/v1/me/").json()["display_name"] == "Ada"
    assert APIClient().get("/api/v1/me/").status_code == 401


def test_people_say_where_they_are_taxed_by_a_country_of_the_standard(api: APIClient, user: User) -> None:
    assert api.patch("/api/v1/me/", {"tax_country": "fr"}, format="json").json()["tax_country"] == "FR"
    refused = api.patch("/api/v1/me/", {"tax_country": "XX", "display_name": "X"}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["tax_country"])
    user.refresh_from_db()
    assert (user.tax_country, user.display_name == "X") == ("FR", False)
