"""Cursor pagination: stable while rows are added, quick on any page."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from marketplace.core.errors import InvalidCursor


class NewestFirst(CursorPagination):
    """Newest first by primary key: UUIDs version 7 sort by time."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(self, queryset: Any, *args: Any, **kwargs: Any) -> list[Any] | None:
        """Raises InvalidCursor."""
        first = str(self.ordering if isinstance(self.ordering, str) else self.ordering[0]).lstrip("-")
        fields = queryset.model._meta
        self.key = fields.pk if first == "pk" else fields.get_field(first)
        return super().paginate_queryset(queryset, *args, **kwargs)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises InvalidCursor, also for what is a cursor in form and could be no row's."""
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                self.key.to_python(cursor.position)
        except (NotFound, ValidationError) as error:
            raise InvalidCursor() from error
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page's shape in OpenAPI 3.1, where "may be null" is a type and no longer `nullable`."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["results"], "properties": properties}
