"""Telling people, and their programs, what happened: in the house at once, by e-mail and webhooks after the commit.

    from marketplace.accounts import services as accounts

    accounts.notify(
        person=commission.collector, kind="proof.ready", key=str(commission.pk), title="Your proof is ready",
        body="Accept it by Friday.", link=f"/commissions/{commission.pk}/",
    )

It is called in the transaction of the change: both are, or neither is. `key` names what is told of, so that a handler
which runs again tells nothing twice: the subject's id, with its number where one subject is told of more than once
(`f"{auction.pk}:{bid.pk}"`). `data` is what webhooks say besides: ids, amounts in minor units, states. Kinds are
declared in `accounts/models/kinds.py`.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from marketplace.accounts.models import EVENT_TYPES, GROUPS, KINDS, Notification, User
from marketplace.accounts.services.publishing import publish
from marketplace.core import outbox
from marketplace.core.ids import uuid7
from marketplace.core.languages import Text, speaking

SENDER = "send_mails"
# In one statement: who was told before is not told again, and whoever silenced the group gets no e-mail.
_STORE = """
    INSERT INTO accounts_notification
        (id, person_id, kind, key, title, body, link, email_due_at, email_tries, email_error)
    SELECT given.id, person.id, %(kind)s, %(key)s, %(title)s, %(body)s, %(link)s,
           CASE WHEN person.is_active AND (%(essential)s OR silenced.id IS NULL) THEN now() END, 0, ''
    FROM unnest(%(ids)s::uuid[], %(people)s::uuid[]) AS given (id, person_id)
    JOIN accounts_user AS person ON person.id = given.person_id
    LEFT JOIN accounts_silencedgroup AS silenced
           ON silenced.person_id = person.id AND silenced."group" = %(group)s
    ON CONFLICT (person_id, kind, key) DO NOTHING
    RETURNING email_due_at IS NOT NULL, person_id, EXISTS (
        SELECT FROM accounts_webhookendpoint AS endpoint
        WHERE endpoint.owner_id = accounts_notification.person_id AND endpoint.state <> 'off')
"""


def notify(
    *,
    person: User,
    kind: str,
    key: str,
    title: Text,
    body: Text = "",
    link: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell one person once; `link` is a path of this house. What is too long is shortened.

    `title` and `body` are lazy where they are to be in the person's own language: `format_lazy(_("…"), …)`.

    Raises OutsideTransaction; ValueError for an unknown kind, a missing key, or a link that leads elsewhere.
    """
    _check(kind, key, link)
    with speaking(person.language):
        _tell([person.pk], kind, key, str(title), str(body), link, data or {})


def notify_all(
    *,
    people: Collection[UUID],
    kind: str,
    key: str,
    title: Text,
    body: Text = "",
    link: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell many people, by their ids, the same thing, each once and in their language. Raises as `notify` does."""
    _check(kind, key, link)
    for language, those in _by_language(people).items():
        with speaking(language):
            _tell(those, kind, key, str(title), str(body), link, data or {})


def _by_language(people: Collection[UUID]) -> dict[str, list[UUID]]:
    languages: dict[str, list[UUID]] = {}
    for person_id, language in User.objects.filter(pk__in=people).values_list("pk", "language"):
        languages.setdefault(language, []).append(person_id)
    return languages


def _tell(people: list[UUID], kind: str, key: str, title: str, body: str, link: str, data: Mapping[str, Any]) -> None:
    group = KINDS[kind].group
    told: dict[str, Any] = {
        "kind": kind, "key": key, "title": _short(title, _longest("title")), "body": _short(body, _longest("body")),
        "link": link, "group": group, "essential": GROUPS[group].essential,
        "people": people,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STORE, told | {"ids": [uuid7() for _ in told["people"]]})
        new = cursor.fetchall()
    if any(by_email for by_email, _, _ in new):
        outbox.wake(SENDER, key[:64])
    listening = [person_id for _, person_id, has_endpoints in new if has_endpoints]
    if listening and kind in EVENT_TYPES:
        event = {"subject": key, "title": told["title"], "link": link, **data}
        publish(people=listening, event_type=kind, key=key, data=event)


def _check(kind: str, key: str, link: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of notification: declare it in accounts/models/kinds.py")
    if not 0 < len(key) <= _longest("key"):
        raise ValueError(f"a notification's key has 1 to {_longest('key')} characters")
    if link and (not link.startswith("/") or link.startswith("//") or len(link) > _longest("link")):
        raise ValueError(f"{link!r} is no path of this house")
    if not connection.in_atomic_block:
        raise outbox.OutsideTransaction(f"notification {kind}")


def _longest(field: str) -> int:
    return int(getattr(Notification._meta.get_field(field), "max_length", None) or 0)


def _short(text: str, length: int) -> str:
    text = text.strip()
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
