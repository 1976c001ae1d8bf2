"""How a page answers what the rooms below refuse: a 404, a 403, or a message that says why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from marketplace.core.errors import AtelierError, NotFound, PermissionRefused

Result = TypeVar("Result")


@contextmanager
def refused_as_pages() -> Iterator[None]:
    """What this person may not see is not there (404); what they may see and not do is refused (403)."""
    try:
        yield
    except NotFound as error:
        raise Http404 from error
    except PermissionRefused as error:
        raise PermissionDenied from error


def attempt(request: HttpRequest, act: Callable[..., Result], said: str = "", **given: Any) -> Result | None:
    """Do what a button stands for; the next page says `said`, or why it could not be done.

    Returns what `act` returned, None where it could not be done. Raises Http404, PermissionDenied.
    """
    try:
        with refused_as_pages():
            result = act(**given)
    except AtelierError as error:
        messages.error(request, " ".join([error.detail, *chain(*error.data.get("errors", {}).values())]))
        return None
    if said:
        messages.success(request, said)
    return result


def uuid_in(text: str) -> UUID | None:
    """The id that a form or an address names; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
