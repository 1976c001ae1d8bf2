"""Applying to be an artist: written, handed in, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork, Upload
from marketplace.accounts import selectors as accounts
from marketplace.accounts import services as people
from marketplace.accounts.errors import AlreadyArtist
from marketplace.accounts.models import User
from marketplace.artists.errors import ApplicationOpen
from marketplace.artists.models import (
    APPLICATION,
    CURRENT_TERMS,
    MOST_PICTURES,
    OPEN,
    WRITABLE,
    Application,
)
from marketplace.core.errors import InvalidInput, NotFound

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What an applicant says and shows."""

    name: str
    statement: str = ""
    links: Sequence[str] = ()
    tax_country: str = ""
    upload_ids: Sequence[UUID] = ()
    artwork_ids: Sequence[UUID] = ()


@transaction.atomic
def write_application(*, applicant: User, said: Said) -> Application:
    """Begin an application, or write the one that is begun anew: a person has one at a time.

    Raises AlreadyArtist, ApplicationOpen, InvalidInput (by the names of `said`; `uploads`, `artworks`).
    """
    # Locked, so that two windows do not begin two.
    User.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    application = Application.objects.filter(applicant=applicant, state__in=OPEN).first()
    if application is not None and application.state not in WRITABLE:
        raise ApplicationOpen()
    if application is None:
        if accounts.artist_of(applicant) is not None:
            raise AlreadyArtist()
        application = Application(applicant=applicant, state="")
        APPLICATION.move(application, "draft")
    application.name, application.statement = said.name.strip(), said.statement.strip()
    application.links = list(dict.fromkeys(link.strip() for link in said.links))
    application.tax_country = said.tax_country.strip().upper()
    uploads, artworks = _check(application, said)
    application.save()
    application.uploads.set(uploads)
    application.artworks.set(artworks)
    return application


@transaction.atomic
def submit_application(*, applicant: User, application_id: UUID, terms_version: str) -> Application:
    """Hand it in to the curators, agreeing to the present terms.

    Raises NotFound, NotNow, InvalidInput (`terms_version`, `statement`, `tax_country`, `links`).
    """
    application = _locked(applicant, application_id)
    APPLICATION.move(application, "submit")
    errors: dict[str, list[str]] = {}
    if terms_version != CURRENT_TERMS.version:
        errors["terms_version"] = [
            gettext("Read and agree to the present terms: %(current_terms_version)s.")
            % {"current_terms_version": CURRENT_TERMS.version}
        ]
    if not application.statement:
        errors["statement"] = [gettext("Say what you make.")]
    if not application.tax_country:
        errors["tax_country"] = [gettext("Say where you are taxed.")]
    if not (application.links or application.uploads.exists() or application.artworks.exists()):
        errors["links"] = [gettext("Show something: a link, pictures, or works that you had made here.")]
    if errors:
        raise InvalidInput(gettext("It is not complete yet."), errors=errors)
    application.terms_version, application.terms_agreed_at = terms_version, timezone.now()
    application.submitted_at = timezone.now()
    application.save()
    people.notify_all(
        people=[one for one in accounts.curator_ids() if one != applicant.pk],
        kind="application.received",
        key=f"{application.pk}:{application.submitted_at:%Y-%m-%dT%H:%M:%S}",
        title=format_lazy(_("{application_name} applies to be an artist"), application_name=application.name),
        body=application.statement,
        link=reverse("admin:artists_application_change", args=[application.pk]),
    )
    log.info("application.submitted", application=str(application.pk))
    return application


@transaction.atomic
def withdraw_application(*, applicant: User, application_id: UUID) -> Application:
    """Take it back; another may be written later. Raises NotFound, NotNow."""
    application = _locked(applicant, application_id)
    APPLICATION.move(application, "withdraw")
    application.save(update_fields=["state", "updated_at"])
    return application


def _locked(applicant: User, application_id: UUID) -> Application:
    mine = Application.objects.select_for_update().filter(pk=application_id, applicant=applicant)
    application = mine.first()
    if application is None:
        raise NotFound(gettext("You have no such application."))
    return application


def _check(application: Application, said: Said) -> tuple[list[Upload], list[Artwork]]:
    """The pictures that are named. Raises InvalidInput."""
    errors: dict[str, list[str]] = {}
    try:
        application.clean_fields(exclude=["applicant", "artist", "decided_by"])
    except ValidationError as error:
        errors = error.message_dict
    uploads = list(Upload.objects.owned_by(application.applicant_id).ready().filter(pk__in=said.upload_ids))
    artworks = list(Artwork.objects.filter(pk__in=said.artwork_ids, maker=application.applicant_id))
    for name, found, asked in (("uploads", uploads, said.upload_ids), ("artworks", artworks, said.artwork_ids)):
        if len(found) != len(set(asked)):
            errors[name] = [gettext("Not all of these are yours, and complete.")]
        if len(found) > MOST_PICTURES:
            errors[name] = [gettext("At most %(most_pictures)s.") % {"most_pictures": MOST_PICTURES}]
    if errors:
        raise InvalidInput(gettext("Some of it is not right."), errors=errors)
    return uploads, artworks
