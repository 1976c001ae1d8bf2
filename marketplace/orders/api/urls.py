from django.urls import path

from marketplace.orders.api import reselling, views

urlpatterns = [
    path("collection/", views.CollectionView.as_view(), name="api-collection"),
    path("editions/<uuid:edition_id>/resale/", reselling.ResaleView.as_view(), name="api-resale"),
    path("editions/<uuid:edition_id>/auction/", reselling.AuctionOwnedView.as_view(), name="api-auction-owned"),
    path("editions/<uuid:edition_id>/offers/", reselling.EditionOffersView.as_view(), name="api-edition-offers"),
]
