"""Listings in the curators' back room."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from marketplace.core.admin import WithHistory
from marketplace.listings.models import Licence, Listing, Offer, Release, Sale, StyleTerms


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


class _ReadOnly(WithHistory, ModelAdmin):
    """To be looked at, with its history: changes are made by those whose it is."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Release)
class ReleaseAdmin(_ReadOnly):
    list_display = ["title", "artist", "size", "numbered", "royalty_bps", "created_at"]
    list_select_related = ["artist"]
    search_fields = ["title", "artist__name"]


@admin.register(Sale)
class SaleAdmin(_ReadOnly):
    list_display = ["__str__", "seller", "kind", "state", "opens_at", "closes_at", "is_private"]
    list_filter = ["kind", "state", "is_private"]
    list_select_related = ["seller", "release__artist", "edition__release__artist"]
    search_fields = ["release__title", "edition__release__title", "seller__email"]


@admin.register(Offer)
class OfferAdmin(_ReadOnly):
    list_display = ["__str__", "buyer", "seller", "by_seller", "state", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["buyer", "seller", "sale__release", "sale__edition__release", "edition__release"]
    search_fields = ["buyer__email", "seller__email"]


@admin.register(Licence)
class LicenceAdmin(ModelAdmin):
    """Others may be added; what was sold under one stays as it was sold, so terms are changed by a new code."""

    list_display = ["code", "title", "summary", "is_offered"]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return ["code", "terms"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
