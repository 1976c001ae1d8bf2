"""Addresses of people, artists and tokens, under /api/v1/."""

from django.urls import path

from marketplace.accounts.api import artists, notifications, people, tokens

urlpatterns = [
    path("auth/token/", tokens.SignInView.as_view(), name="api-auth-token"),
    path("auth/tokens/", tokens.TokensView.as_view(), name="api-tokens"),
    path("auth/tokens/<uuid:token_id>/", tokens.TokenView.as_view(), name="api-token"),
    path("me/", people.MeView.as_view(), name="api-me"),
    path("notifications/", notifications.NotificationsView.as_view(), name="api-notifications"),
    path("notifications/unread/", notifications.UnreadView.as_view(), name="api-notifications-unread"),
    path("notifications/read/", notifications.ReadView.as_view(), name="api-notifications-read"),
    path("notifications/emails/", notifications.EmailChoicesView.as_view(), name="api-notification-emails"),
    path("notifications/emails/<slug:group>/", notifications.EmailChoiceView.as_view(), name="api-notification-email"),
    path("artists/", artists.ArtistsView.as_view(), name="api-artists"),
    path("artists/<slug:slug>/", artists.ArtistView.as_view(), name="api-artist"),
]
