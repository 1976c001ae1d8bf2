"""Addresses of artists, applications and the shop, under /api/v1/."""

from django.urls import path

from marketplace.artists.api import applications, profiles, shops

_ONE = "artist-applications/<uuid:application_id>/"
urlpatterns = [
    path("artists/", profiles.ArtistsView.as_view(), name="api-artists"),
    path("artists/<slug:slug>/", profiles.ArtistView.as_view(), name="api-artist"),
    path("artists/<slug:slug>/suspend/", profiles.SuspendView.as_view(), name="api-artist-suspend"),
    path("artists/<slug:slug>/reinstate/", profiles.ReinstateView.as_view(), name="api-artist-reinstate"),
    path("artist-terms/", applications.ArtistTermsView.as_view(), name="api-artist-terms"),
    path("artist-applications/", applications.ApplicationsView.as_view(), name="api-applications"),
    path(_ONE, applications.ApplicationView.as_view(), name="api-application"),
    path(f"{_ONE}submit/", applications.SubmitView.as_view(), name="api-application-submit"),
    path(f"{_ONE}withdraw/", applications.WithdrawView.as_view(), name="api-application-withdraw"),
    path(f"{_ONE}approve/", applications.ApproveView.as_view(), name="api-application-approve"),
    path(f"{_ONE}reject/", applications.RejectView.as_view(), name="api-application-reject"),
    path(f"{_ONE}ask-changes/", applications.AskChangesView.as_view(), name="api-application-ask-changes"),
    path(f"{_ONE}reopen/", applications.ReopenView.as_view(), name="api-application-reopen"),
    path("shop/", shops.ShopView.as_view(), name="api-shop"),
]
