from django.urls import path

from marketplace.listings.api import allowlists, auctions, licences, offers, releases, sales, views

urlpatterns = [
    path("listings/", views.ListingsView.as_view(), name="api-listings"),
    path("listings/<uuid:listing_id>/", views.ListingView.as_view(), name="api-listing"),
    path("licences/", licences.LicencesView.as_view(), name="api-licences"),
    path("releases/", releases.ReleasesView.as_view(), name="api-releases"),
    path("releases/<uuid:release_id>/", releases.ReleaseView.as_view(), name="api-release"),
    path("releases/<uuid:release_id>/editions/", releases.EditionsView.as_view(), name="api-editions"),
    path("sales/", sales.SalesView.as_view(), name="api-sales"),
    path("sales/mine/", sales.OwnSalesView.as_view(), name="api-own-sales"),
    path("sales/<uuid:sale_id>/", sales.SaleView.as_view(), name="api-sale"),
    path("sales/<uuid:sale_id>/publish/", sales.PublishSaleView.as_view(), name="api-sale-publish"),
    path("sales/<uuid:sale_id>/pause/", sales.PauseSaleView.as_view(), name="api-sale-pause"),
    path("sales/<uuid:sale_id>/cancel/", sales.CancelSaleView.as_view(), name="api-sale-cancel"),
    path("sales/<uuid:sale_id>/allowlist/", allowlists.AllowlistView.as_view(), name="api-allowlist"),
    path("sales/<uuid:sale_id>/bids/", auctions.BidsView.as_view(), name="api-bids"),
    path("bids/<uuid:bid_id>/strike/", auctions.StrikeView.as_view(), name="api-bid-strike"),
    path("auctions/english/", auctions.EnglishAuctionsView.as_view(), name="api-english-auctions"),
    path("auctions/dutch/", auctions.DutchAuctionsView.as_view(), name="api-dutch-auctions"),
    path("offers/", offers.OffersView.as_view(), name="api-offers"),
    path("offers/<uuid:offer_id>/", offers.OfferView.as_view(), name="api-offer"),
    path("offers/<uuid:offer_id>/accept/", offers.AcceptOfferView.as_view(), name="api-offer-accept"),
    path("offers/<uuid:offer_id>/decline/", offers.DeclineOfferView.as_view(), name="api-offer-decline"),
    path("offers/<uuid:offer_id>/counter/", offers.CounterOfferView.as_view(), name="api-offer-counter"),
    path("offers/<uuid:offer_id>/withdraw/", offers.WithdrawOfferView.as_view(), name="api-offer-withdraw"),
]
