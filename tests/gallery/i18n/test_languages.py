"""In which language the house answers."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Notification, User
from marketplace.core.languages import known_language

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}


def lang(response: object) -> str:
    found = re.search(r'<html lang="([^"]+)">', response.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-CN", "zh-hans"), ("zh", "zh-hans"), ("zh-Hans-SG", "zh-hans"), ("en-US", "en-gb"), ("fr", ""), ("", "")],
)
def test_variants_of_a_language_are_that_language(code: str, language: str) -> None:
    assert known_language(code) == language


def test_a_page_is_in_the_language_that_the_browser_prefers(client: Client) -> None:
    assert lang(client.get("/")) == "en-GB"
    assert lang(client.get("/", HTTP_ACCEPT_LANGUAGE="fr")) == "en-GB"
    answer = client.get("/", headers=CHINESE)
    assert lang(answer) == "zh-Hans"
    assert answer["Content-Language"] == "zh-hans"
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_an_address_may_ask_for_a_language_and_names_the_others(client: Client) -> None:
    page = client.get("/market/?lang=zh-hans&kind=auction").content.decode()
    assert '<html lang="zh-Hans">' in page
    assert re.search(r'hreflang="en-GB" href="[^"]+/market/\?kind=auction&amp;lang=en-gb"', page)
    assert re.search(r'hreflang="x-default" href="[^"]+/market/\?kind=auction"', page)
    assert "language" not in client.cookies, "looking is not choosing"


def test_choosing_a_language_keeps_it_and_the_page(client: Client) -> None:
    link = re.search(r'href="(/language/zh-hans/[^"]+)"', client.get("/market/?kind=drop").content.decode())
    assert link
    chosen = client.get(link[1].replace("&amp;", "&"))
    assert chosen["Location"] == "/market/?kind=drop"
    assert lang(client.get("/")) == "zh-Hans"
    assert lang(client.get("/", HTTP_ACCEPT_LANGUAGE="en")) == "zh-Hans"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.get("/language/zh-hans/", {"next": elsewhere})["Location"] == "/"


def test_a_language_that_is_not_spoken_is_not_found(client: Client) -> None:
    assert client.get("/language/fr/").status_code == 404
    assert client.get("/language/fr/words.js").status_code == 404


def test_a_persons_language_is_kept_with_the_account_and_comes_back_when_they_sign_in(client: Client) -> None:
    person = accounts_user("reader@example.test")
    client.force_login(person)
    client.get("/language/zh-hans/")
    person.refresh_from_db()
    assert person.language == "zh-hans"
    elsewhere = Client()
    answer = elsewhere.post("/accounts/login/", {"login": person.email, "password": "correct horse battery"})
    assert answer.status_code == 302
    assert lang(elsewhere.get("/")) == "zh-Hans"


def test_programs_know_accept_language_and_no_cookie(client: Client) -> None:
    client.get("/language/zh-hans/")
    address = "/api/v1/artworks/00000000-0000-7000-8000-000000000000/"
    assert client.get(address)["Content-Language"] == "en-gb"
    answer = client.get(address, headers=CHINESE)
    assert answer["Content-Language"] == "zh-hans"


def accounts_user(email: str, language: str = "") -> User:
    person = User.objects.create_user(email, "correct horse battery", language=language)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def test_everybody_is_told_in_their_own_language() -> None:
    reader, other = accounts_user("reader@example.test", "zh-hans"), accounts_user("other@example.test")
    title = format_lazy("{what}: {name}", what=_("Sign in"), name="The Sea")
    accounts.notify_all(people=[reader.pk, other.pk], kind="work.sold", key="1", title=title)
    assert Notification.objects.get(person=other).title == "Sign in: The Sea"
    assert Notification.objects.get(person=reader).title == "登录: The Sea"
    accounts.send_due_mails()
    by_address = {message.to[0]: message for message in mail.outbox}
    assert "Dear other" in str(by_address["other@example.test"].body)
    assert "Dear" not in str(by_address["reader@example.test"].body)
