"""Telling people what happened: once, with the change, in the house and by e-mail as they like it."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from marketplace.accounts import selectors, services
from marketplace.accounts.models import GROUPS, KINDS, Notification, User
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.models import OutboxEvent
from marketplace.core.outbox import OutsideTransaction

pytestmark = pytest.mark.django_db


@transaction.atomic
def tell(person: User, **changed: Any) -> None:
    told = {"kind": "proof.ready", "key": "c1", "title": "Your proof is ready", "link": "/commissions/c1/"}
    services.notify(person=person, **(told | changed))


def mails_due() -> list[str]:
    """The keys of what is to be mailed; where there is any, its sender was woken."""
    due = list(Notification.objects.exclude(email_due_at=None).order_by("pk").values_list("key", flat=True))
    assert bool(due) == OutboxEvent.objects.filter(actor="send_mails").exists()
    return due


def told(person: User) -> Notification:
    return Notification.objects.get(person=person)


def send() -> None:
    """What the sender does when a mail is due, however long that takes."""
    Notification.objects.exclude(email_due_at=None).update(email_due_at=timezone.now() - timedelta(hours=1))
    services.send_due_mails()


def test_a_person_is_told_and_a_mail_is_due(user: User) -> None:
    tell(user, body="Accept it by Friday.")
    notification = told(user)
    assert (notification.title, notification.link, notification.read_at) == (
        "Your proof is ready", "/commissions/c1/", None,
    )  # fmt: skip
    assert mails_due() == ["c1"]


def test_a_replay_tells_once_and_another_key_tells_again(user: User) -> None:
    tell(user)
    tell(user, title="Your proof is ready again")
    tell(user, key="c2")
    assert [n.key for n in selectors.notifications_of(user)] == ["c2", "c1"]
    assert len(mails_due()) == 2


def test_what_is_rolled_back_was_not_told(user: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(user)
        raise ZeroDivisionError
    assert not Notification.objects.exists()
    assert not mails_due()


def test_many_are_told_at_once_and_one_named_twice_once(make_user: Callable[..., User]) -> None:
    people = [make_user() for _ in range(3)]
    ids = [person.pk for person in [*people, people[0]]]
    with transaction.atomic():
        services.notify_all(people=ids, kind="auction.lost", key="a1", title="Sold to somebody else")
    assert sorted(Notification.objects.values_list("person", flat=True)) == sorted({*ids})
    assert len(mails_due()) == 3


def test_a_silenced_group_is_told_in_the_house_alone(user: User) -> None:
    services.choose_emails(person=user, group="commissions", wanted=False)
    tell(user)
    tell(user, kind="bid.outbid", key="b1")
    assert selectors.unread_of(user) == 2
    assert mails_due() == ["b1"]
    services.choose_emails(person=user, group="commissions", wanted=True)
    tell(user, key="c2")
    assert len(mails_due()) == 2


def test_what_is_essential_cannot_be_silenced(user: User) -> None:
    with pytest.raises(Conflict):
        services.choose_emails(person=user, group="account", wanted=False)
    with pytest.raises(InvalidInput):
        services.choose_emails(person=user, group="gossip", wanted=False)
    assert all(choice.wanted for choice in selectors.email_choices_of(user))


def test_who_has_left_gets_no_mail(make_user: Callable[..., User]) -> None:
    tell(make_user(is_active=False))
    assert not mails_due()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gossip"},
        {"key": ""},
        {"key": "x" * 121},
        {"link": "https://evil.example/"},
        {"link": "//evil.example"},
    ],
)
def test_mistakes_of_ours_are_refused(user: User, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each says something else
        tell(user, **wrong)
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_outside_a_transaction(user: User) -> None:
    with pytest.raises(OutsideTransaction):
        services.notify(person=user, kind="proof.ready", key="c1", title="Ready")


def test_long_words_are_shortened(user: User) -> None:
    tell(user, title="a" * 200, body="b" * 3000)
    assert (len(told(user).title), len(told(user).body)) == (160, 2000)
    assert told(user).title.endswith("…")


def test_the_mail_is_sent_once_with_text_and_page(user: User) -> None:
    tell(user, title="Ready\nnow", body="<b>Look</b>")
    send()
    send()
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([user.email], "Ready now")
    assert sent.extra_headers["Message-ID"].startswith(f"<{told(user).pk}@")
    assert "/commissions/c1/" in str(sent.body)
    assert "<b>Look</b>" in str(sent.body)
    assert isinstance(sent, EmailMultiAlternatives)
    [page] = [str(content) for content, kind in sent.alternatives if kind == "text/html"]
    assert "&lt;b&gt;Look&lt;/b&gt;" in page
    assert told(user).emailed_at is not None


def test_a_failed_mail_is_tried_again_and_a_refused_address_is_not(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Exception] = [
        SMTPServerDisconnected("gone"),
        SMTPRecipientsRefused({user.email: (451, b"greylisted")}),
        SMTPRecipientsRefused({user.email: (550, b"no such mailbox")}),
    ]
    monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: (_ for _ in ()).throw(answers.pop(0)))
    tell(user)
    for _ in range(2):
        send()
        due = told(user).email_due_at
        assert due is not None
        assert due > timezone.now() - timedelta(seconds=1)
    send()
    assert "no such mailbox" in told(user).email_error
    send()
    assert not answers
    assert told(user).email_due_at is None
    assert told(user).emailed_at is None


def test_a_server_that_is_away_is_not_asked_for_each_mail(
    make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def away(self: object, messages: object) -> None:
        asked.append(messages)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    for _ in range(3):
        tell(make_user())
    send()
    assert len(asked) == 1


def test_a_mail_that_another_process_sends_is_left_to_it_until_that_has_died(user: User) -> None:
    tell(user)
    Notification.objects.update(email_due_at=timezone.now() + timedelta(minutes=2))  # as a claim does
    services.send_due_mails()
    assert not mail.outbox
    Notification.objects.update(email_due_at=timezone.now() - timedelta(hours=1))
    services.send_due_mails()
    assert len(mail.outbox) == 1


def test_a_mail_that_is_days_late_is_not_sent(user: User) -> None:
    tell(user)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=4))
    send()
    assert not mail.outbox
    assert told(user).email_error == "The mail server was away for days."


def test_the_relay_brings_the_mail(user: User, settle: Callable[[], None]) -> None:
    tell(user)
    settle()
    assert [sent.to for sent in mail.outbox] == [[user.email]]


def test_one_reads_ones_own_notifications_alone(user: User, make_user: Callable[..., User]) -> None:
    other = make_user()
    for person in (user, other):
        tell(person)
        tell(person, key="c2")
    services.mark_notifications_read(
        person=user, notification_ids=[n.pk for n in Notification.objects.filter(key="c1")]
    )
    assert (selectors.unread_of(user), selectors.unread_of(other)) == (1, 2)
    assert services.mark_notifications_read(person=user) == 1
    assert selectors.notifications_of(user, unread=True).count() == 0


def test_every_kind_is_of_a_group_and_named_like_the_others() -> None:
    assert {kind.group for kind in KINDS.values()} == set(GROUPS)
    assert all(code.count(".") == 1 and code == code.lower() and len(code) <= 40 for code in KINDS)
