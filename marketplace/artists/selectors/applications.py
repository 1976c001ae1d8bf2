"""Reading applications: one's own, and those that wait for a curator."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.artists.models import Application, ApplicationState
from marketplace.core.errors import NotFound


def applications_of(applicant: User) -> QuerySet[Application]:
    """All that a person ever wrote, newest first."""
    return _whole().filter(applicant=applicant)


def latest_application(applicant: User) -> Application | None:
    """The one that counts: the last."""
    return applications_of(applicant).first()


def applications_for_curators() -> QuerySet[Application]:
    """All that were handed in, newest first."""
    return _whole().exclude(state=ApplicationState.DRAFT)


def application_for(viewer: User, application_id: UUID) -> Application:
    """One's own, or, for curators, any that was handed in. Raises NotFound."""
    seen = applications_of(viewer).filter(pk=application_id).first()
    if seen is None and viewer.is_curator:
        seen = applications_for_curators().filter(pk=application_id).first()
    if seen is None:
        raise NotFound(gettext("There is no such application."))
    return seen


def _whole() -> QuerySet[Application]:
    whole = Application.objects.select_related("applicant", "decided_by", "artist")
    return whole.prefetch_related("uploads", "artworks__files").order_by("-pk")
