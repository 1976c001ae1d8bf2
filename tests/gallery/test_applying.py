"""The page on which one applies, and the back room where curators answer."""

import pytest
from django.test import Client

from generation.models import Upload
from marketplace.accounts.models import Artist, User
from marketplace.artists.models import Application
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db
PAGE = "/accounts/artist/"
SAID = {
    "name": "Ada", "statement": "Harbours, by rules.", "links": "https://ada.example.org\nhttps://www.instagram.com/ada",
    "tax_country": "PT", "terms": "2026-11",
}  # fmt: skip


def decide(application: Application, decision: str, words: str = "") -> None:
    client = Client()
    client.force_login(curator())
    address = f"/admin/artists/application/{application.pk}/change/"
    assert "Ada" in client.get(address).content.decode()
    assert client.post(address, {"decision": decision, "words": words}).status_code == 302


def test_one_applies_is_asked_for_more_and_becomes_an_artist(visitor: Client, user: User) -> None:
    shown = hanging.photograph(user)
    work = hanging.work(user, artist=None, title="Quay")
    assert visitor.get("/shop/").headers["Location"] == PAGE
    assert "Quay" in visitor.get(PAGE).content.decode()
    kept = visitor.post(PAGE, SAID | {"input_portfolio": str(shown.pk), "artworks": [str(work.pk)]})
    assert kept.status_code == 302
    application = Application.objects.get(applicant=user)
    assert (application.state, application.links[1]) == ("draft", "https://www.instagram.com/ada")
    page = visitor.get(PAGE).content.decode()
    assert str(shown.pk) in page
    assert "https://ada.example.org" in page
    visitor.post(PAGE, SAID | {"submit": "yes", "input_portfolio": str(shown.pk), "artworks": [str(work.pk)]})
    assert "The curators have your application" in visitor.get(PAGE).content.decode()

    decide(application, "ask_changes", "Say more of the rules.")
    assert "Say more of the rules." in visitor.get(PAGE).content.decode()
    visitor.post(PAGE, SAID | {"submit": "yes", "statement": "Rules of tides.", "artworks": [str(work.pk)]})
    decide(application, "approve")
    artist = Artist.objects.get(user=user)
    assert visitor.get(PAGE).headers["Location"] == "/shop/"
    work.refresh_from_db()
    assert (work.artist, list(application.uploads.all())) == (artist, [])
    assert "Instagram" in Client().get(f"/artists/{artist.slug}/").content.decode()

    decide(application, "reopen")
    artist.refresh_from_db()
    assert artist.is_suspended


def test_what_is_missing_is_said_at_its_field_and_nothing_is_handed_in(visitor: Client, user: User) -> None:
    page = read(visitor.post(PAGE, SAID | {"submit": "yes", "links": "http://ada.example.org"}), 422)
    assert page.all("ul", id="id_links_error")
    page = read(
        visitor.post(PAGE, {name: said for name, said in SAID.items() if name != "terms"} | {"submit": "yes"}), 422
    )
    assert "agree to the present terms" in page.html
    assert not Application.objects.filter(applicant=user, state="submitted").exists()
    others = hanging.photograph(hanging.artist().user)
    page = read(visitor.post(PAGE, SAID | {"submit": "yes", "input_portfolio": str(others.pk)}), 422)
    assert "did not arrive" in page.html
    assert not Application.objects.get(applicant=user).uploads.exists()


def test_a_refusal_is_read_and_another_is_written(visitor: Client, user: User) -> None:
    visitor.post(PAGE, SAID | {"submit": "yes"})
    application = Application.objects.get(applicant=user)
    client = Client()
    client.force_login(curator())
    address = f"/admin/artists/application/{application.pk}/change/"
    assert "Say why." in client.post(address, {"decision": "reject", "words": ""}).content.decode()
    decide(application, "reject", "Too like another's.")
    page = visitor.get(PAGE).content.decode()
    assert "Your application was turned down." in page
    visitor.post(PAGE, SAID | {"submit": "yes"})
    visitor.post(PAGE, {"withdraw": "yes"})
    assert sorted(Application.objects.values_list("state", flat=True)) == ["rejected", "withdrawn"]


def test_pictures_that_are_held_back_are_not_shown(visitor: Client, user: User) -> None:
    visitor.post(PAGE, SAID | {"submit": "yes", "input_portfolio": str(hanging.photograph(user).pk)})
    Upload.objects.filter(owner=user).update(state="rejected", problem_code="upload-refused")
    client = Client()
    client.force_login(curator())
    page = client.get(f"/admin/artists/application/{Application.objects.get().pk}/change/").content.decode()
    assert "<img" not in page.split("Pictures", 1)[1].split("Taxed in", 1)[0]
