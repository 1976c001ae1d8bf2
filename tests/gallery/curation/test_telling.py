"""Who is told of a decision, in which words, and what they may answer: artists, owners, and who gave a notice."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from gallery.errors import NotAppealable
from gallery.models import Appeal, Report, Verdict
from gallery.services import curating
from generation.models import Artwork
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import NotFound, PermissionRefused
from marketplace.core.models import OutboxEvent
from tests.gallery.markup import read
from tests.marketplace.accounts.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(artwork: Artwork) -> User:
    """Somebody else than its artist owns the work."""
    person = member()
    Artwork.objects.filter(pk=artwork.pk).update(owner=person)
    return person


def told(person: User, kind: str) -> Notification:
    return Notification.objects.filter(person=person, kind=kind).latest("id")


def notice(artwork: Artwork) -> Report:
    words = "It is my drawing of 1998, line for line."
    return curating.give_notice(
        artwork_id=artwork.pk, name="A. Painter", email="painter@example.com", reason="stolen", words=words
    )


def test_a_takedown_upon_a_notice_tells_artist_and_owner_and_the_owner_objects(
    artwork: Artwork, artist: Artist, owner: User, judge: User, colleague: User, signed_in: Callable[[User], Client]
) -> None:
    with translation.override("zh-hans"):
        given = notice(artwork)
    assert OutboxEvent.objects.filter(topic="notice.given", subject_id=str(given.pk)).exists()
    curating.answer_notice(report_id=given.pk)
    assert mail.outbox == [], "nothing is decided yet"
    curating.confirm_notice(report_id=given.pk)
    assert (mail.outbox[0].to, "1998" in mail.outbox[0].body) == (["painter@example.com"], True)
    assert "通知" in mail.outbox[0].subject

    down = curating.decide(
        artwork_id=artwork.pk, curator=judge, verdict=Verdict.REJECT, reason="rights", words="The drawing is older."
    )
    for person in (artist.user, owner):
        said = told(person, "work.withdrawn")
        assert said.title == f"{artwork.title} was taken down"
        assert said.body.startswith("It uses what is somebody else's. The drawing is older.")
        assert "you may object once" in said.body
        assert (said.link, said.email_due_at is None) == (f"/works/{artwork.pk}/", False)
        assert "A. Painter" not in said.body
    assert "stays yours" in told(owner, "work.withdrawn").body
    assert OutboxEvent.objects.filter(topic="notice.answered", subject_id=str(given.pk)).count() == 1
    curating.answer_notice(report_id=given.pk)
    assert "已撤下" in mail.outbox[1].body

    home, address = signed_in(owner), f"/decisions/{down.pk}/appeal/"
    assert read(home.get(f"/works/{artwork.pk}/")).all("form", action=address)
    assert "Your appeal" in read(home.post(address, {"words": "I have her licence."}, follow=True)).html
    assert (Appeal.objects.get().person, Appeal.objects.get().words) == (owner, "I have her licence.")
    with pytest.raises(NotAppealable):
        curating.appeal_decision(decision_id=down.pk, person=artist.user, words="So do I.")
    curating.decide(artwork_id=artwork.pk, curator=colleague, verdict=Verdict.APPROVE)
    assert told(owner, "appeal.decided").title == f"{artwork.title} hangs on the wall"
    assert told(owner, "work.withdrawn").title == f"{artwork.title} hangs on the wall"


def test_only_who_is_concerned_objects(artwork: Artwork, artist: Artist, owner: User, judge: User) -> None:
    hidden = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="explicit")
    with pytest.raises(NotFound):
        curating.appeal_decision(decision_id=hidden.pk, person=member(), words="I like it.")
    with pytest.raises(PermissionRefused):
        curating.appeal_decision(decision_id=hidden.pk, person=judge, words="I like it.")
    curating.appeal_decision(decision_id=hidden.pk, person=artist.user, words="It is a tulip.")


def test_a_notice_that_is_dismissed_is_answered_and_hides_nothing(artwork: Artwork, judge: User) -> None:
    given = notice(artwork)
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.APPROVE)
    curating.answer_notice(report_id=given.pk)
    assert "it stays" in mail.outbox[0].body
    assert Artwork.objects.get(pk=artwork.pk).visibility == "wall"


def test_that_a_takedown_was_undone_is_told_to_whoever_was_told_of_it(
    artwork: Artwork, artist: Artist, owner: User, judge: User
) -> None:
    hidden = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="explicit")
    curating.undo_decision(decision_id=hidden.pk, curator=judge)
    for person in (artist.user, owner):
        titles = Notification.objects.filter(person=person, kind="work.withdrawn").order_by("id")
        assert [one.title for one in titles] == [
            f"{artwork.title} was taken off the wall", f"A decision about {artwork.title} was taken back",
        ]  # fmt: skip
