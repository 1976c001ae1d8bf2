"""Asking to have a picture looked at, to search with it."""

from django.utils.translation import gettext as _

from generation import services
from generation.engines.looks.declarations import VERSION
from generation.models import Job, JobState, Upload, UploadState
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput


def search_by_picture(*, upload: Upload, owner: User) -> Job:
    """Have an upload of one's own looked at; the same picture again is the same look, unless that came to nothing.

    Raises InvalidInput where the picture is not ready: a curator may still have to see it.
    """
    if upload.state != UploadState.READY:
        raise InvalidInput(_("This picture cannot be searched with."), errors={"upload": [_why(upload)]})
    key = f"look:{VERSION}:{owner.pk}:{upload.sha256}"
    known = Job.objects.filter(request_key=key).first()
    if known is not None and known.state not in {JobState.FAILED, JobState.CANCELLED}:
        return known
    return services.request_look(upload=upload, owner=owner, request_key=None if known else key)


def _why(upload: Upload) -> str:
    if upload.state == UploadState.HELD and upload.review is not None:
        return upload.review.told
    return upload.problem_detail or _("It has not been checked yet: complete the upload first.")
