"""Listings in the curators' back room."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from marketplace.core.admin import WithHistory
from marketplace.listings.models import Listing, StyleTerms


@admin.register(Listing)
class ListingAdmin(WithHistory, ModelAdmin):
    list_display = ["__str__", "artist", "state", "price", "created_at"]
    list_filter = ["state"]
    list_select_related = ["artwork", "trained_model", "artist"]
    search_fields = ["artwork__title", "trained_model__name", "engine", "artist__name"]
    readonly_fields = ["artwork", "trained_model", "engine", "artist", "price_amount", "currency"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(StyleTerms)
class StyleTermsAdmin(WithHistory, ModelAdmin):
    list_display = ["title", "artist", "price_words", "created_at", "withdrawn_at"]
    list_select_related = ["artwork", "trained_model", "artist"]
    search_fields = ["artwork__title", "trained_model__name", "artist__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
