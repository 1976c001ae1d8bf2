"""A picture of a drawing, kept like any that its owner sent: an upload that an engine can be given."""

import io
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import numpy as np
from django.utils.translation import gettext

from generation.engines.registry import declaration
from generation.engines.scribble.declarations import ScribbleParameters
from generation.engines.scribble.painting import paint
from generation.models import Upload
from generation.services.submitting import check_request
from generation.services.uploads import INCOMING, complete_upload
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput
from marketplace.core.storage import Bucket

ENGINE = "scribble"
MEDIA_TYPE = "image/png"
LARGEST = 1024  # pixels a side, of what is painted while somebody waits for the answer


def draw_picture(*, owner: User, parameters: Mapping[str, Any], seed: int | None = None) -> Upload:
    """Paint a drawing or somebody's own strokes, as the engine `scribble` would, and keep the picture as an upload.

    It is looked at like every upload, and may be held. Raises InvalidInput (`parameters.<name>`), UploadRefused,
    StorageUnavailable, ScreeningUnavailable.
    """
    chosen = declaration(ENGINE).validate_parameters(check_request(engine=ENGINE, parameters=parameters, counts={}))
    assert isinstance(chosen, ScribbleParameters)
    if chosen.size > LARGEST:
        raise InvalidInput(
            gettext("The picture is too large."),
            errors={"parameters.size": [gettext("At most %(largest)s.") % {"largest": LARGEST}]},
        )
    *_, picture = paint(chosen, np.random.default_rng(secrets.randbits(62) if seed is None else seed))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)  # it is encoded anew once it was checked
    data = file.getvalue()
    upload = Upload.objects.create(
        owner=owner, filename="Scribble.png", incoming_key=f"{INCOMING}/{uuid4()}", declared_size=len(data),
        declared_type=MEDIA_TYPE, credit="; ".join(chosen.credits),
    )  # fmt: skip
    storage.put(Bucket.PRIVATE, upload.incoming_key, data, media_type=MEDIA_TYPE)
    return complete_upload(upload_id=upload.pk, owner=owner)
