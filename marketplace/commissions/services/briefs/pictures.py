"""Pictures that people bring along: references, attachments, evidence."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext

from generation.models import Upload
from marketplace.accounts.models import User
from marketplace.commissions.errors import PhotographNotReady
from marketplace.commissions.models import MOST_PICTURES
from marketplace.core.errors import InvalidInput


def brought_pictures(owner: User, upload_ids: Sequence[UUID], name: str) -> list[Upload]:
    """One's own uploads, ready, in the order given. Raises InvalidInput, PhotographNotReady (both name `name`)."""
    if len(upload_ids) > MOST_PICTURES:
        raise InvalidInput(
            gettext("Too many pictures."),
            errors={name: [gettext("At most %(most_pictures)s.") % {"most_pictures": MOST_PICTURES}]},
        )
    found = {upload.pk: upload for upload in Upload.objects.owned_by(owner.pk).ready().filter(pk__in=upload_ids)}
    if missing := [upload_id for upload_id in upload_ids if upload_id not in found]:
        raise PhotographNotReady(
            errors={
                name: [
                    gettext("%(upload_id)s is no upload of yours that is ready.") % {"upload_id": upload_id}
                    for upload_id in missing
                ]
            }
        )
    return [found[upload_id] for upload_id in dict.fromkeys(upload_ids)]
