"""Pages of lists whose order is their own: a cursor that the reads understand, and the address of what follows."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

MOST, USUAL = 100, 24
PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where a page begins: part of the address that `next` gives."),
    OpenApiParameter("page_size", int, description=f"From 1 to {MOST}; left out, {USUAL}."),
]


def cursor_of(request: Request) -> str:
    """Where the page begins that is asked for; empty: at the beginning."""
    return str(request.query_params.get("cursor", ""))


def size_of(request: Request) -> int:
    """How long a page may be; what is no number is passed over, as elsewhere in the API."""
    asked = request.query_params.get("page_size", "")
    return min(max(1, int(asked)), MOST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else USUAL


def paged(request: Request, results: Any, cursor: str) -> dict[str, Any]:
    """A page as all lists of the API have it; these lists are read forwards alone."""
    following = replace_query_param(request.build_absolute_uri(), "cursor", cursor) if cursor else None
    return {"next": following, "previous": None, "results": results}
