"""Addresses of people, artists and tokens, under /api/v1/."""

from django.urls import path

from marketplace.accounts.api import artists, people, tokens

urlpatterns = [
    path("auth/token/", tokens.SignInView.as_view(), name="api-auth-token"),
    path("auth/tokens/", tokens.TokensView.as_view(), name="api-tokens"),
    path("auth/tokens/<uuid:token_id>/", tokens.TokenView.as_view(), name="api-token"),
    path("me/", people.MeView.as_view(), name="api-me"),
    path("artists/", artists.ArtistsView.as_view(), name="api-artists"),
    path("artists/<slug:slug>/", artists.ArtistView.as_view(), name="api-artist"),
]
