"""Addresses of search, discovery, curation and trust, under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from gallery.api import bundles, provenance

urlpatterns: list[URLPattern | URLResolver] = [
    path("artworks/<uuid:artwork_id>/provenance/", provenance.ProvenanceView.as_view(), name="api-artwork-provenance"),
    path("collection/<uuid:edition_id>/bundle/", bundles.BundleView.as_view(), name="api-edition-bundle"),
]
