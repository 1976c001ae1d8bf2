"""The bell, and the page behind it."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from marketplace.accounts import selectors, services
from marketplace.accounts.models import Notification, User
from tests.gallery.markup import read

ADDRESS = "/notifications/"


@pytest.fixture
def notification(user: User) -> Notification:
    with transaction.atomic():
        services.notify(
            person=user, kind="proof.ready", key="1", title="Your <proof>", body="A\nB", link="/commissions/"
        )
    return Notification.objects.get()


def test_one_signs_in_first(client: Client, db: None) -> None:
    for address in (ADDRESS, f"{ADDRESS}bell/"):
        assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"
    assert not read(client.get("/")).all("a", href=ADDRESS)


def test_the_bell_counts_what_is_not_read(visitor: Client, user: User, notification: Notification) -> None:
    [bell] = [link for link in read(visitor.get("/")).all("a", href=ADDRESS) if "bell" in link.get("class", "")]
    assert bell["aria-label"] == "Notifications, 1 unread"
    services.mark_notifications_read(person=user)
    [bell] = read(visitor.get(bell["hx-get"])).all("a")
    assert bell["aria-label"] == "Notifications"


def test_a_very_long_list_is_not_counted(visitor: Client, user: User) -> None:
    for number in range(101):
        with transaction.atomic():
            services.notify(person=user, kind="bid.outbid", key=str(number), title="Outbid")
    assert "99+ unread" in read(visitor.get(f"{ADDRESS}bell/")).html


def test_the_page_tells_and_leads_on(visitor: Client, notification: Notification) -> None:
    page = read(visitor.get(ADDRESS))
    assert "Your &lt;proof&gt;" in page.html
    [link] = page.all("a", href=f"{ADDRESS}{notification.pk}/")
    assert visitor.get(link["href"]).headers["Location"] == "/commissions/"
    assert "Everything is read." in read(visitor.get(f"{ADDRESS}?unread")).html


def test_all_are_marked_at_once(visitor: Client, user: User, notification: Notification) -> None:
    visitor.post(f"{ADDRESS}read/")
    assert selectors.unread_of(user) == 0


def test_emails_are_chosen_by_ticking_boxes(visitor: Client, user: User) -> None:
    boxes = read(visitor.get(ADDRESS)).all("input", type="checkbox")
    assert all("checked" in box for box in boxes)
    assert [box["value"] for box in boxes if "disabled" in box] == ["account"]
    page = read(visitor.post(f"{ADDRESS}emails/", {"groups": ["sales"]}, follow=True))
    ticked = [box["value"] for box in page.all("input", type="checkbox") if "checked" in box]
    assert ticked == ["sales", "account"]


def test_a_stranger_opens_nothing_of_mine(
    notification: Notification, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(make_user()).get(f"{ADDRESS}{notification.pk}/").status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None
