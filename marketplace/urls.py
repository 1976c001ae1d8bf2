"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from marketplace.core import health, metrics, problems
from marketplace.orders.api.editions import signing_keys

handler400 = problems.bad_request
handler404 = problems.not_found
handler500 = problems.server_error

api: list[URLPattern | URLResolver] = [
    # What is read most is found first: addresses are tried one after the other.
    path("", include("gallery.api.urls")),
    path("", include("generation.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("", include("marketplace.accounts.api.urls")),
    path("", include("payments.api.urls")),
    path("", include("marketplace.listings.api.urls")),
    path("", include("marketplace.orders.api.urls")),
    path("", include("marketplace.commissions.api.urls")),
    path("", include("marketplace.artists.api.urls")),
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.show),
    path("problems/", problems.catalogue, name="problems"),
    path("problems/<slug:code>/", problems.catalogue, name="problem"),
    path(".well-known/atelier-certificates.json", signing_keys, name="signing-keys"),
    path("api/v1/", include(api)),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("", include("gallery.urls")),
]
