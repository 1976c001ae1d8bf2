"""Who owns what, to be read."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from marketplace.core.admin import WithHistory
from marketplace.orders.models import Ownership


@admin.register(Ownership)
class OwnershipAdmin(WithHistory, ModelAdmin):
    list_display = ["edition", "owner", "source", "acquired_at"]
    list_select_related = ["edition__release", "owner"]
    search_fields = ["edition__release__title", "owner__email", "source"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
