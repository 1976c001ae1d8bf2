"""Pictures that an engine asks for, on a form: sent one by one before it, and named in it by their uploads' ids."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from generation import selectors
from generation.engines.base import InputSpec
from generation.models import JobInput, Upload, UploadState
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound

_PREFIX = "input_"


@dataclass
class Asked:
    """One kind of picture that is asked for, what was given of it, and what is wrong with that."""

    spec: InputSpec
    given: list[tuple[Upload, str]] = field(default_factory=list)  # each with the address of its picture
    errors: list[str] = field(default_factory=list)

    @property
    def field_name(self) -> str:
        return f"{_PREFIX}{self.spec.name}"

    @property
    def most(self) -> int:
        return self.spec.most if self.spec.many else 1

    def inputs(self) -> list[JobInput]:
        """What was given, as a job takes it."""
        return [JobInput.of_upload(self.spec.name, upload) for upload, _ in self.given]


def pictures_given(specs: Sequence[InputSpec], sent: QueryDict, person: User) -> list[Asked]:
    """What a form brought for each kind that is asked for; an upload that is none of theirs, or not ready, is told."""
    found = [Asked(spec) for spec in specs]
    for asked in found:
        for name in sent.getlist(asked.field_name):
            upload = _upload(name, person)
            if upload is None:
                asked.errors = [gettext("Choose this picture again: it did not arrive.")]
            else:
                asked.given.append((upload, selectors.upload_url(upload)))
    return found


def _upload(name: str, person: User) -> Upload | None:
    try:
        upload = selectors.upload_by_id(UUID(name), person)
    except (NotFound, ValueError):
        return None
    return upload if upload.state == UploadState.READY else None
