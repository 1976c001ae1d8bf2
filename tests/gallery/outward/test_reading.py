"""What is only read is read by GET and HEAD; whoever sends something there is told that it is not taken."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
READ = ("/healthz", "/metrics", "/problems/", "/.well-known/atelier-certificates.json", "/", "/search/", "/words/")
OWN = ("/commissions/", "/briefs/", "/collection/", "/orders/", "/feed/", "/notifications/", "/searches/")


@pytest.mark.parametrize("address", READ)
def test_what_is_only_read_takes_nothing(client: Client, address: str) -> None:
    refused = client.post(address)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert client.head(address).status_code == client.get(address).status_code == 200


@pytest.mark.parametrize("address", OWN)
def test_nor_do_pages_of_ones_own(visitor: Client, address: str) -> None:
    assert visitor.post(address).status_code == 405
    assert visitor.head(address).status_code == 200
