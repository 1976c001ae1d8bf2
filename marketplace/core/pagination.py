"""Cursor pagination: stable while rows are added, quick on any page."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest first by primary key: UUIDs version 7 sort by time."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 100
