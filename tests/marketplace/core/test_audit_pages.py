"""The audit log as curators see it: a page of its own, and the history beside a row."""

from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import Artist
from marketplace.core.audit import acting_as
from marketplace.core.models import AuditEntry
from tests.marketplace.accounts.people import curator, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def artist() -> Artist:
    artist = Artist.objects.create(user=member(), slug="ada", name="Ada Byron")
    with acting_as("chore rename"):
        Artist.objects.filter(pk=artist.pk).update(name="Ada Lovelace")
    return artist


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(curator())
    return client


def page(client: Client, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_shows_its_history(client: Client, artist: Artist) -> None:
    shown = page(client, f"/admin/accounts/artist/{artist.pk}/change/")
    assert "Ada Byron → Ada Lovelace" in shown
    assert "chore rename" in shown


def test_the_log_is_listed_filtered_and_found(client: Client, artist: Artist) -> None:
    assert "chore rename" in page(client, "/admin/core/auditentry/", table="accounts_artist", operation="update")
    assert "chore rename" not in page(client, "/admin/core/auditentry/", operation="delete")
    assert "chore rename" in page(client, "/admin/core/auditentry/", q=str(artist.pk))


def test_an_entry_names_who_was_signed_in(client: Client, artist: Artist) -> None:
    superuser = member(is_staff=True, is_superuser=True)
    other = Client()
    other.force_login(superuser)
    other.post(f"/admin/accounts/artist/{artist.pk}/change/", {"name": "Ada", "bio": "<b>bold</b>"})
    entry = AuditEntry.objects.of(artist).latest("id")
    shown = page(client, f"/admin/core/auditentry/{entry.pk}/change/")
    assert superuser.email in shown
    assert "&lt;b&gt;bold" in shown
    assert "<b>bold" not in shown


def test_nobody_edits_the_log(client: Client, artist: Artist) -> None:
    client.force_login(member(is_staff=True, is_superuser=True))
    entry = AuditEntry.objects.of(artist).latest("id")
    for address in ("add/", f"{entry.pk}/delete/"):
        assert client.post(f"/admin/core/auditentry/{address}").status_code == 403
    assert client.post(f"/admin/core/auditentry/{entry.pk}/change/", {"source": "x"}).status_code == 403
