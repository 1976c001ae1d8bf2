"""Admin pages that show what happened and let nobody rewrite it: changes go through the services."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline


class _ReadOnly:
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_ReadOnly, ModelAdmin):
    """A page that shows; whatever it offers to do is an action that calls a service."""


class ReadOnlyInline(_ReadOnly, TabularInline):
    """Rows below a page, to be read."""

    extra = 0
    show_change_link = False
