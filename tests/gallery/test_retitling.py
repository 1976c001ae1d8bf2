"""Giving a work another title: who may, until when, and where it is read afterwards."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from marketplace.core.models import AuditEntry
from marketplace.listings.models import Release
from marketplace.orders.services import grant_ownership
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.listings import selling

pytestmark = pytest.mark.django_db


def test_a_new_title_is_read_everywhere_and_audited(
    artist: Artist, artwork: Artwork, client_of: Callable[[User], APIClient]
) -> None:
    selling.issued(artwork)
    was = artwork.title
    answer = client_of(artist.user).patch(f"/api/v1/artworks/{artwork.pk}/", {"title": " Low  tide "}, format="json")
    assert (answer.status_code, answer.json()["title"]) == (200, "Low tide")
    hanging.draw_cards()
    assert [one["title"] for one in Client().get("/api/v1/catalogue/?q=tide").json()["results"]] == ["Low tide"]
    assert b"Low tide" in Client().get("/feed.atom").content
    assert Release.objects.get().title == "Low tide"
    [entry] = AuditEntry.objects.of(artwork)
    assert (entry.before, entry.after, entry.person_id) == ({"title": was}, {"title": "Low tide"}, artist.user_id)


def test_a_release_with_a_name_of_its_own_keeps_it(
    artist: Artist, artwork: Artwork, client_of: Callable[[User], APIClient]
) -> None:
    selling.issued(artwork)
    Release.objects.update(title="The prints")
    client_of(artist.user).patch(f"/api/v1/artworks/{artwork.pk}/", {"title": "Low tide"}, format="json")
    assert Release.objects.get().title == "The prints"


def test_it_is_given_by_its_own_people_while_nobody_owns_it(
    artist: Artist, artwork: Artwork, user: User, client_of: Callable[[User], APIClient], visitor: Client
) -> None:
    one, own = f"/api/v1/artworks/{artwork.pk}/", client_of(artist.user)
    title = {"title": "Mine"}
    assert APIClient().patch(one, title, format="json").status_code == 401
    assert client_of(user).patch(one, title, format="json").status_code == 403
    assert own.patch(one, {"title": "x" * 121}, format="json").status_code == 422
    grant_ownership(artwork=artwork, artist=artist, owner=user, source="test:1")
    refused = own.patch(one, title, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "title-fixed")
    assert own.patch(one, {"title": artwork.title}, format="json").status_code == 200  # nothing changes
    artwork.refresh_from_db()
    assert artwork.title != "Mine"


def test_its_artist_does_it_on_its_page_and_is_told_when_it_is_too_late(
    artist: Artist, artwork: Artwork, user: User, signed_in: Callable[[User], Client], visitor: Client
) -> None:
    page, form = f"/works/{artwork.pk}/", f"/works/{artwork.pk}/title/"
    own = signed_in(artist.user)
    assert read(own.get(page)).all("form", action=form)
    assert not read(visitor.get(page)).all("form", action=form)
    assert "<h1>Low tide</h1>" in read(own.post(form, {"title": "Low tide"}, follow=True)).html
    assert visitor.post(form, {"title": "Theirs"}).status_code == 403
    grant_ownership(artwork=artwork, artist=artist, owner=user, source="test:1")
    assert not read(own.get(page)).all("form", action=form)
    assert "its title stays" in read(own.post(form, {"title": "Later"}, follow=True)).html
