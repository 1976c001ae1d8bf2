"""From an application to an artist: what may be handed in, who decides, and what a decision does."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from marketplace.accounts.errors import AlreadyArtist, ArtistSuspended, NotAnArtist
from marketplace.accounts.models import Artist, Notification, User
from marketplace.accounts.selectors import approved_artist
from marketplace.artists import services
from marketplace.artists.errors import ApplicationOpen
from marketplace.artists.models import CURRENT_TERMS, Application
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.machine import NotNow
from marketplace.core.models import AuditEntry
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator, member
from tests.marketplace.artists.applying import handed_in, said

pytestmark = pytest.mark.django_db


def told(person: User) -> list[tuple[str, str]]:
    return list(Notification.objects.filter(person=person).order_by("id").values_list("kind", "title"))


def test_an_approval_makes_an_artist_who_is_told_and_may_sell(user: User) -> None:
    decider, bystander = curator(), curator()
    work = hanging.work(user, artist=None)
    application = handed_in(user, artwork_ids=[work.pk])
    for one in (decider, bystander):
        assert told(one) == [("application.received", "Vera Molnár applies to be an artist")]
    with pytest.raises(NotAnArtist):
        approved_artist(user)
    approved = services.approve_application(curator=decider, application_id=application.pk)
    artist = approved_artist(User.objects.get(pk=user.pk))
    assert (artist.name, artist.links, artist.user.tax_country) == (
        "Vera Molnár",
        ["https://vera.example.org/plots"],
        "FR",
    )
    assert (approved.artist, approved.decided_by, approved.terms_version) == (artist, decider, CURRENT_TERMS.version)
    assert told(user) == [("application.decided", "You are an artist of the house")]
    assert Notification.objects.get(person=user).email_due_at is not None
    work.refresh_from_db()
    assert work.artist == artist  # what they showed carries their name
    changes = AuditEntry.objects.of(approved).values_list("after", flat=True)
    assert [after["state"] for after in changes if after and "state" in after] == ["draft", "submitted", "approved"]


def test_others_works_do_not_become_theirs_by_an_application(user: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.write_application(applicant=user, said=said(artwork_ids=[hanging.work(member()).pk]))
    assert list(refused.value.data["errors"]) == ["artworks"]
    sold = hanging.work(user, artist=None, owner=member())
    application = handed_in(user, artwork_ids=[sold.pk])
    services.approve_application(curator=curator(), application_id=application.pk)
    sold.refresh_from_db()
    assert sold.artist is None


def test_a_refusal_says_why_and_another_application_may_be_written(user: User) -> None:
    application, decider = handed_in(user), curator()
    with pytest.raises(InvalidInput):
        services.reject_application(curator=decider, application_id=application.pk, reason=" ")
    services.reject_application(curator=decider, application_id=application.pk, reason="Show more of it.")
    notice = Notification.objects.get(person=user)
    assert (notice.title, notice.body) == ("Your application was turned down", "Show more of it.")
    assert not Artist.objects.exists()
    another = handed_in(user)
    assert another.pk != application.pk
    with pytest.raises(ApplicationOpen):  # the newer one is the one to decide about
        services.reopen_application(curator=decider, application_id=application.pk)


def test_changes_are_asked_for_made_and_handed_in_again(user: User) -> None:
    application, decider = handed_in(user), curator()
    with pytest.raises(ApplicationOpen):
        services.write_application(applicant=user, said=said(statement="Other words."))
    services.ask_changes(curator=decider, application_id=application.pk, reason="Which machines?")
    written = services.write_application(applicant=user, said=said(statement="With a plotter."))
    assert (written.pk, written.state) == (application.pk, "changes_asked")
    services.submit_application(applicant=user, application_id=written.pk, terms_version=CURRENT_TERMS.version)
    services.approve_application(curator=decider, application_id=written.pk)
    assert Artist.objects.get().name == "Vera Molnár"
    with pytest.raises(AlreadyArtist):
        services.write_application(applicant=user, said=said())


def test_a_mistaken_approval_is_undone_and_done_again(user: User) -> None:
    application, decider = handed_in(user), curator()
    services.approve_application(curator=decider, application_id=application.pk)
    services.reopen_application(curator=decider, application_id=application.pk)
    with pytest.raises(ArtistSuspended):
        approved_artist(user)
    services.approve_application(curator=decider, application_id=application.pk)
    assert approved_artist(user).suspended_for == ""
    assert Artist.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"statement": " "}, "statement"), ({"tax_country": ""}, "tax_country"), ({"links": []}, "links"),
        ({"tax_country": "ZZ"}, "tax_country"), ({"name": ""}, "name"),
        ({"links": ["http://vera.example.org"]}, "links"), ({"links": ["https://127.0.0.1/"]}, "links"),
        ({"links": ["https://me:secret@vera.example.org/"]}, "links"), ({"links": ["https://intranet/"]}, "links"),
        ({"links": ["javascript:alert(1)"]}, "links"),
    ],
)  # fmt: skip
def test_what_is_not_complete_is_not_handed_in(user: User, more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        handed_in(user, **more)
    assert list(refused.value.data["errors"]) == [field]
    assert not Application.objects.filter(state="submitted").exists()


def test_the_present_terms_are_agreed_to(user: User) -> None:
    application = services.write_application(applicant=user, said=said())
    with pytest.raises(InvalidInput) as refused:
        services.submit_application(applicant=user, application_id=application.pk, terms_version="2020-01")
    assert list(refused.value.data["errors"]) == ["terms_version"]
    application.refresh_from_db()
    assert (application.state, application.terms_agreed_at) == ("draft", None)


def test_nobody_decides_who_is_no_curator_or_applies_themselves() -> None:
    applicant = curator()
    application = handed_in(applicant)
    for decider in (member(), applicant):
        with pytest.raises(PermissionRefused):
            services.approve_application(curator=decider, application_id=application.pk)
    assert not Artist.objects.exists()


def test_what_is_withdrawn_is_not_decided(user: User) -> None:
    application = handed_in(user)
    with pytest.raises(NotFound):
        services.withdraw_application(applicant=member(), application_id=application.pk)
    services.withdraw_application(applicant=user, application_id=application.pk)
    with pytest.raises(NotNow):
        services.approve_application(curator=curator(), application_id=application.pk)


def test_the_database_knows_the_arrows_too(user: User) -> None:
    application = services.write_application(applicant=user, said=said())
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state="approved")
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.create(applicant=user, name="Twice")
