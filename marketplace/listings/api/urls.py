from django.urls import path

from marketplace.listings.api import views

urlpatterns = [
    path("listings/", views.ListingsView.as_view(), name="api-listings"),
    path("listings/<uuid:listing_id>/", views.ListingView.as_view(), name="api-listing"),
]
