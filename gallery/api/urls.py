"""Addresses of search, discovery, curation and trust, under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from gallery.api import bundles, catalogue, collections, favourites, feed, follows, looks, provenance, saved_searches

urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/", catalogue.CatalogueView.as_view(), name="api-catalogue"),
    path("catalogue/facets/", catalogue.FacetsView.as_view(), name="api-catalogue-facets"),
    path("artworks/<uuid:artwork_id>/provenance/", provenance.ProvenanceView.as_view(), name="api-artwork-provenance"),
    path("collection/<uuid:edition_id>/bundle/", bundles.BundleView.as_view(), name="api-edition-bundle"),
    path("follows/", follows.FollowsView.as_view(), name="api-follows"),
    path("follows/<slug:slug>/", follows.FollowView.as_view(), name="api-follow"),
    path("favourites/", favourites.FavouritesView.as_view(), name="api-favourites"),
    path("favourites/<uuid:artwork_id>/", favourites.FavouriteView.as_view(), name="api-favourite"),
    path("collections/", collections.CollectionsView.as_view(), name="api-collections"),
    path("collections/<uuid:collection_id>/", collections.CollectionView.as_view(), name="api-collection"),
    path("collections/<uuid:collection_id>/works/", collections.CollectedView.as_view(), name="api-collected"),
    path(
        "collections/<uuid:collection_id>/works/<uuid:artwork_id>/", collections.CollectedWorkView.as_view(),
        name="api-collected-work",
    ),
    path("collections/<uuid:collection_id>/order/", collections.CollectionOrderView.as_view(), name="api-order-of"),
    path("feed/", feed.FeedView.as_view(), name="api-feed"),
    path("for-you/", feed.ForYouView.as_view(), name="api-for-you"),
    path("for-you/dismissals/", feed.DismissalsView.as_view(), name="api-dismissals"),
    path("for-you/dismissals/<int:dismissal_id>/", feed.DismissalView.as_view(), name="api-dismissal"),
    path("saved-searches/", saved_searches.SavedSearchesView.as_view(), name="api-saved-searches"),
    path("saved-searches/<uuid:search_id>/", saved_searches.SavedSearchView.as_view(), name="api-saved-search"),
    path("saved-searches/<uuid:search_id>/works/", saved_searches.FindsView.as_view(), name="api-finds"),
    path("ending/", feed.EndingView.as_view(), name="api-ending"),
    path("artworks/<uuid:artwork_id>/similar/", looks.SimilarView.as_view(), name="api-artwork-similar"),
    path("catalogue/by-picture/", looks.ByPictureView.as_view(), name="api-by-picture"),
    path("catalogue/by-picture/<uuid:job_id>/", looks.PictureSearchView.as_view(), name="api-picture-search"),
    path("catalogue/by-meaning/", looks.ByMeaningView.as_view(), name="api-by-meaning"),
]  # fmt: skip
