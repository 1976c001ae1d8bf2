"""Notifications over HTTP: read, marked, and chosen for e-mail."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import transaction
from rest_framework.test import APIClient

from marketplace.accounts import selectors, services
from marketplace.accounts.models import Notification, User
from tests.marketplace.accounts.people import token_client

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/notifications/"


@pytest.fixture
def told(user: User) -> list[Notification]:
    """A proof, then a bid lost; newest first."""
    with transaction.atomic():
        services.notify(person=user, kind="proof.ready", key="1", title="Proof", body="Look.", link="/commissions/1/")
        services.notify(person=user, kind="bid.outbid", key="1", title="Outbid")
    return list(selectors.notifications_of(user))


def test_they_are_listed_newest_first_and_filtered(api: APIClient, told: list[Notification]) -> None:
    results = api.get(ADDRESS).json()["results"]
    assert [(row["kind"], row["group"], row["read_at"]) for row in results] == [
        ("bid.outbid", "auctions", None), ("proof.ready", "commissions", None),
    ]  # fmt: skip
    assert results[1] | {"title": "Proof", "body": "Look.", "link": "/commissions/1/"} == results[1]
    services.mark_notifications_read(person=told[0].person, notification_ids=[told[0].pk])
    assert [row["kind"] for row in api.get(ADDRESS, {"unread": "true"}).json()["results"]] == ["proof.ready"]
    assert [row["kind"] for row in api.get(ADDRESS, {"group": "auctions"}).json()["results"]] == ["bid.outbid"]
    assert api.get(ADDRESS, {"group": "gossip"}).status_code == 422


def test_some_or_all_are_marked_as_read(api: APIClient, told: list[Notification]) -> None:
    assert api.get(f"{ADDRESS}unread/").json() == {"unread": 2}
    assert api.post(f"{ADDRESS}read/", {"ids": [str(told[0].pk)]}, format="json").json() == {"unread": 1}
    assert api.post(f"{ADDRESS}read/", {"ids": ["no-id"]}, format="json").status_code == 422
    assert api.post(f"{ADDRESS}read/", {}, format="json").json() == {"unread": 0}


def test_those_of_others_are_neither_seen_nor_marked(
    told: list[Notification], make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    stranger = client_of(make_user())
    assert stranger.get(ADDRESS).json()["results"] == []
    stranger.post(f"{ADDRESS}read/", {"ids": [str(told[0].pk)]}, format="json")
    assert not Notification.objects.exclude(read_at=None).exists()


def test_emails_are_chosen_by_group(api: APIClient, user: User) -> None:
    answer = api.put(f"{ADDRESS}emails/auctions/", {"wanted": False}, format="json")
    assert [choice["group"] for choice in answer.json() if not choice["wanted"]] == ["auctions"]
    assert answer.json() == api.get(f"{ADDRESS}emails/").json()
    assert api.put(f"{ADDRESS}emails/account/", {"wanted": False}, format="json").status_code == 409
    assert api.put(f"{ADDRESS}emails/gossip/", {"wanted": False}, format="json").status_code == 422


def test_a_token_reads_with_read_and_marks_with_profile(user: User, told: list[Notification]) -> None:
    assert token_client(user, ["read"]).get(ADDRESS).status_code == 200
    assert token_client(user, ["read"]).post(f"{ADDRESS}read/", {}, format="json").status_code == 403
    assert token_client(user, ["profile"]).post(f"{ADDRESS}read/", {}, format="json").status_code == 200
    assert APIClient().get(ADDRESS).status_code == 401


def test_a_mail_can_be_stopped_from_the_mail_alone(user: User, told: list[Notification], client: APIClient) -> None:
    Notification.objects.exclude(pk=told[0].pk).update(email_due_at=None)
    services.send_due_mails()
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]
    path = "/" + header.strip("<>").split("/", 3)[3]
    assert client.get(path).status_code == 200
    assert all(choice.wanted for choice in selectors.email_choices_of(user))
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert [choice.code for choice in selectors.email_choices_of(user) if not choice.wanted] == ["auctions"]
    assert client.post(path.replace("unsubscribe/", "unsubscribe/x")).status_code == 404
