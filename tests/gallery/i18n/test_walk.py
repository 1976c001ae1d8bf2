"""A walk through the house in Chinese: what is still said in English is found."""

import pytest
from django.test import Client

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from tests.gallery.i18n.english import english_in

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/", "/market/", "/search/", "/models/", "/nowhere/",
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
]  # fmt: skip
OWN = [
    "/commissions/", "/collection/", "/collection/gifts/", "/orders/", "/offers/", "/briefs/", "/notifications/",
    "/datasets/", "/trainings/", "/searches/", "/feed/", "/for-you/", "/saved/", "/collections/", "/following/",
    "/saved-searches/", "/exhibitions/", "/ending/", "/search/picture/", "/selling/", "/earnings/",
    "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/tokens/", "/accounts/cards/",
    "/accounts/billing/",
]  # fmt: skip


@pytest.fixture
def reader(client: Client) -> User:
    person = User.objects.create_user("reader@example.test", "correct horse battery", language="zh-hans")
    accounts.become_artist(user=person, name="Vera Ink", slug="vera")
    client.force_login(person)
    return person


@pytest.mark.parametrize("address", PUBLIC)
def test_what_everybody_sees_is_chinese(client: Client, address: str) -> None:
    page = client.get(address, HTTP_ACCEPT_LANGUAGE="zh-CN").content.decode()
    assert 'lang="zh-Hans"' in page
    assert english_in(page) == set()


@pytest.mark.parametrize("address", OWN)
def test_what_people_see_of_their_own_is_chinese(client: Client, reader: User, address: str) -> None:
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE="zh-CN", follow=True)
    assert answer.status_code == 200
    assert english_in(answer.content.decode()) == set()
