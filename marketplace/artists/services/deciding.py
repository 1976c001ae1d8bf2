"""Deciding about applications: curators do, and may undo what they decided."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation import services as generation
from marketplace.accounts import selectors as accounts
from marketplace.accounts import services as people
from marketplace.accounts.models import User
from marketplace.artists.errors import ApplicationOpen
from marketplace.artists.models import APPLICATION, OPEN, Application
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.languages import Text, kept

log = structlog.get_logger(__name__)
PAGE = "/accounts/artist/"
LOOKED_AT_AGAIN = kept("Your application is being looked at again.")
MOST_WORDS = 2000


@transaction.atomic
def approve_application(*, curator: User, application_id: UUID, note: str = "") -> Application:
    """Make the applicant an artist of the house; works of theirs that they showed carry their name from now on.

    Who was approved before is reinstated. Raises PermissionRefused, NotFound, NotNow, InvalidInput.
    """
    application = _decide(curator, application_id, "approve", note)
    applicant = application.applicant
    artist = accounts.artist_of(applicant)
    if artist is None:
        artist = people.become_artist(user=applicant, name=application.name, links=application.links)
    elif artist.is_suspended:
        people.reinstate_artist(curator=curator, artist_id=artist.pk)
    people.update_profile(user=applicant, tax_country=application.tax_country)
    generation.credit_artist(artist=artist, artwork_ids=[work.pk for work in application.artworks.all()])
    application.artist = artist
    application.save()
    body = _("Set up your shop next: say what you sell, and how you are paid.")
    _tell(application, _("You are an artist of the house"), f"{note.strip()}\n\n{body}".strip(), "/shop/")
    return application


@transaction.atomic
def reject_application(*, curator: User, application_id: UUID, reason: str) -> Application:
    """Turn it down, and say why; another may be written. Raises PermissionRefused, NotFound, NotNow, InvalidInput."""
    application = _decide(curator, application_id, "reject", reason, must_say=True)
    application.save()
    _tell(application, _("Your application was turned down"), application.reason)
    return application


@transaction.atomic
def ask_changes(*, curator: User, application_id: UUID, reason: str) -> Application:
    """Ask for something else before deciding. Raises PermissionRefused, NotFound, NotNow, InvalidInput."""
    application = _decide(curator, application_id, "ask_changes", reason, must_say=True)
    application.save()
    _tell(application, _("Your application needs a change"), application.reason)
    return application


@transaction.atomic
def reopen_application(*, curator: User, application_id: UUID) -> Application:
    """Undo a decision: it waits again; an artist whom it had made is suspended until it is decided anew.

    Raises PermissionRefused, NotFound, NotNow, ApplicationOpen where they have written another one since.
    """
    application = _locked(curator, application_id)
    APPLICATION.move(application, "reopen")
    others = Application.objects.filter(applicant=application.applicant, state__in=OPEN)
    if others.exclude(pk=application.pk).exists():
        raise ApplicationOpen(gettext("They have written another application since: decide about that one."))
    application.decided_at, application.decided_by, application.reason = None, None, ""
    application.save()
    artist = accounts.artist_of(application.applicant)
    if artist is not None and not artist.is_suspended:
        people.suspend_artist(curator=curator, artist_id=artist.pk, reason=LOOKED_AT_AGAIN)
    _tell(application, _("Your application is looked at again"), _("A decision about it was taken back."))
    return application


def _decide(curator: User, application_id: UUID, move: str, words: str, *, must_say: bool = False) -> Application:
    """The application, locked and moved, and not saved."""
    application = _locked(curator, application_id)
    APPLICATION.move(application, move)
    if len(words) > MOST_WORDS or (must_say and not words.strip()):
        raise InvalidInput(
            gettext("Say why."),
            errors={
                "reason": [
                    gettext("Up to %(most_words)s characters; the applicant reads it.") % {"most_words": MOST_WORDS}
                ]
            },
        )
    application.reason = words.strip()
    application.decided_at, application.decided_by = timezone.now(), curator
    log.info("application.decided", application=str(application.pk), state=application.state)
    return application


def _locked(curator: User, application_id: UUID) -> Application:
    if not curator.is_curator:
        raise PermissionRefused(gettext("Curators decide about applications."))
    found = Application.objects.select_for_update(of=("self",)).select_related("applicant")
    application = found.filter(pk=application_id).first()
    if application is None:
        raise NotFound(gettext("There is no such application."))
    if application.applicant_id == curator.pk:
        raise PermissionRefused(gettext("Somebody else decides about yours."))
    return application


def _tell(application: Application, title: Text, body: Text, link: str = PAGE) -> None:
    people.notify(
        person=application.applicant, kind="application.decided", title=title, body=body, link=link,
        key=f"{application.pk}:{application.updated_at:%Y-%m-%dT%H:%M:%S.%f}",
        data={"application": str(application.pk), "state": application.state},
    )  # fmt: skip
