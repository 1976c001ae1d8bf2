from django.urls import path

from marketplace.orders.api import editions, orders, reselling

urlpatterns = [
    path("orders/", orders.OrdersView.as_view(), name="api-orders"),
    path("orders/<uuid:order_id>/", orders.OrderView.as_view(), name="api-order"),
    path("orders/<uuid:order_id>/pay/", orders.PayOrderView.as_view(), name="api-order-pay"),
    path("orders/<uuid:order_id>/cancel/", orders.CancelOrderView.as_view(), name="api-order-cancel"),
    path("collection/", editions.CollectionView.as_view(), name="api-collection"),
    path("collection/<uuid:edition_id>/", editions.OwnedView.as_view(), name="api-owned"),
    path("editions/<uuid:edition_id>/history/", editions.HistoryView.as_view(), name="api-history"),
    path(
        "editions/<uuid:edition_id>/certificate/",
        editions.EditionCertificateView.as_view(),
        name="api-edition-certificate",
    ),
    path("editions/<uuid:edition_id>/resale/", reselling.ResaleView.as_view(), name="api-resale"),
    path("editions/<uuid:edition_id>/auction/", reselling.AuctionOwnedView.as_view(), name="api-auction-owned"),
    path("editions/<uuid:edition_id>/offers/", reselling.EditionOffersView.as_view(), name="api-edition-offers"),
    path("certificates/<uuid:certificate_id>/", editions.CertificateView.as_view(), name="api-certificate"),
    path(
        "certificates/<uuid:certificate_id>/pdf/",
        editions.CertificateFileView.as_view(),
        name="api-certificate-pdf",
    ),
    path("gifts/", editions.GiftsView.as_view(), name="api-gifts"),
    path("gifts/<uuid:gift_id>/accept/", editions.AcceptGiftView.as_view(), name="api-gift-accept"),
    path("gifts/<uuid:gift_id>/decline/", editions.DeclineGiftView.as_view(), name="api-gift-decline"),
    path("gifts/<uuid:gift_id>/withdraw/", editions.WithdrawGiftView.as_view(), name="api-gift-withdraw"),
]
