"""All that is known of a work, for anybody: what its file says, how it was made, whose it was, and making it again."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from gallery.templatetags.market import how_words
from generation import services
from generation.engines import registry
from generation.errors import TooManyChecks
from generation.models import Artwork
from generation.services import checks
from marketplace.accounts.models import User
from marketplace.listings.models import Edition
from marketplace.orders import services as orders
from tests.gallery.markup import read
from tests.generation import checking
from tests.generation.conftest import encoded
from tests.marketplace.accounts.people import curator


def told(artwork: Artwork, client: APIClient | None = None) -> dict[str, Any]:
    answer = (client or APIClient()).get(f"/api/v1/artworks/{artwork.pk}/provenance/")
    assert answer.status_code == 200
    return dict(answer.json())


def test_anybody_reads_what_made_a_work_and_whose_it_was(client: Client, edition: Edition) -> None:
    artwork = edition.artwork
    assert artwork is not None
    known = told(artwork)
    assert known["manifest"]["is_trusted"] is True
    assert known["recipe"]["seed"] == 7
    [owned] = known["editions"]
    assert (owned["number"], owned["owner"], owned["is_genuine"]) == (1, "a private collection", True)
    assert [(step["giver"], step["owner"]) for step in owned["history"]] == [("Vera Molnár", "a private collection")]
    page = read(client.get(f"/works/{artwork.pk}/provenance/"))
    for words in ("As it was signed by this house", "Signature holds", "a private collection", "Not made again yet"):
        assert words in page.html, words
    [step] = owned["history"]
    handed = datetime.fromisoformat(step["at"])
    assert f'{step["at"]}">{date_format(handed)}</time>, {how_words(step["how"])}' in page.html
    assert f"<dd>Toy, version {artwork.engine_version}</dd>" in page.html
    schema = registry.declaration(artwork.engine).json_schema()["properties"]
    for name in known["recipe"]["parameters"]:
        assert f"<dt>{schema[name]['title']}</dt>" in page.html
    assert page.all("a", href=f"/certificates/{owned['certificate']}/")
    assert page.all("a", href=f"/api/v1/artworks/{artwork.pk}/provenance/")


def test_an_owner_is_named_only_as_they_chose_to_be(client: Client, edition: Edition, user: User) -> None:
    assert edition.artwork is not None
    where = f"/works/{edition.artwork.pk}/provenance/"
    assert user.display_name not in client.get(where).content.decode()
    orders.show_as(owner=user, edition_id=edition.pk, name="E. W.")
    page = client.get(where).content.decode()
    assert "Vera Molnár to E. W." in page
    assert user.email not in page


def test_a_file_that_was_changed_is_said_to_be(client: Client, signed: Artwork) -> None:
    checking.overwrite(signed, checking.forged(signed))
    assert told(signed)["manifest"]["is_valid"] is False
    page = read(client.get(f"/works/{signed.pk}/provenance/"))
    assert "Changed since it was signed" in page.html
    assert "assertion.dataHash.mismatch" in page.html


def test_a_forged_certificate_is_said_to_be(client: Client, edition: Edition) -> None:
    assert edition.artwork is not None
    certificate = edition.certificates.get()
    document = json.loads(certificate.document) | {"owner": "A thief"}
    edition.certificates.update(document=json.dumps(document))
    assert told(edition.artwork)["editions"][0]["is_genuine"] is False
    assert "Signature does not hold" in read(client.get(f"/works/{edition.artwork.pk}/provenance/")).html


def test_making_it_again_tells_how_far_the_two_are_apart(client: Client, signed: Artwork, user: User) -> None:
    services.request_check(artwork_id=signed.pk, by=user)
    assert told(signed)["job"]["state"] == "queued"
    near = checking.image()
    red, green, blue = near.getpixel((3, 3))  # type: ignore[misc]
    near.putpixel((3, 3), (red + 3, green, blue))
    checking.finish(services.request_check(artwork_id=signed.pk, by=user), near)
    known = told(signed)
    assert known["last_check"]["verdict"] == "close"
    assert known["last_check"]["largest_difference"] == 3
    assert "3 of 255" in read(client.get(f"/works/{signed.pk}/provenance/")).html


def test_nobody_has_the_house_make_works_again_all_day(
    signed: Artwork, user: User, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST_CHECKS", 1)
    checking.finish(services.request_check(artwork_id=signed.pk, by=user), checking.image())
    with pytest.raises(TooManyChecks) as refused:
        services.request_check(artwork_id=signed.pk, by=user)
    assert 3500 < refused.value.data["retry_after"] <= 3600
    page = visitor.post(f"/works/{signed.pk}/verify/", follow=True).content.decode()
    assert "works an hour are made again for one person" in page
    assert services.request_check(artwork_id=signed.pk, by=curator()).subject_id == signed.pk


def test_what_one_may_not_see_has_no_provenance(
    client: Client, signed: Artwork, client_of: Callable[[User], APIClient], make_user: Callable[..., User]
) -> None:
    Artwork.objects.filter(pk=signed.pk).update(visibility="private")
    assert client.get(f"/works/{signed.pk}/provenance/").status_code == 404
    stranger = client_of(make_user())
    assert stranger.get(f"/api/v1/artworks/{signed.pk}/provenance/").status_code == 404


def test_many_editions_cost_no_more_questions_than_one(
    edition: Edition, signed: Artwork, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    told(signed)  # its file is read once
    with django_assert_max_num_queries(8):
        told(signed)


def test_the_original_is_not_needed_to_tell_the_rest(client: Client, signed: Artwork) -> None:
    checking.overwrite(signed, encoded(checking.image())[:50])
    assert read(client.get(f"/works/{signed.pk}/provenance/")).html
