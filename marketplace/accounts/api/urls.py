"""Addresses of people and their tokens, under /api/v1/."""

from django.urls import path

from marketplace.accounts.api import notifications, people, tokens, webhooks

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
    path("webhooks/event-types/", webhooks.EventTypesView.as_view(), name="api-event-types"),
    path("webhooks/endpoints/", webhooks.EndpointsView.as_view(), name="api-webhook-endpoints"),
    path("webhooks/endpoints/<uuid:endpoint_id>/", webhooks.EndpointView.as_view(), name="api-webhook-endpoint"),
    path("webhooks/endpoints/<uuid:endpoint_id>/secret/", webhooks.SecretView.as_view(), name="api-webhook-secret"),
    path("webhooks/endpoints/<uuid:endpoint_id>/try/", webhooks.TryView.as_view(), name="api-webhook-try"),
    path("webhooks/endpoints/<uuid:endpoint_id>/replay/", webhooks.ReplayFailedView.as_view(), name="api-webhook-redo"),
    path("webhooks/deliveries/", webhooks.DeliveriesView.as_view(), name="api-webhook-deliveries"),
    path("webhooks/deliveries/<uuid:delivery_id>/", webhooks.DeliveryView.as_view(), name="api-webhook-delivery"),
    path("webhooks/deliveries/<uuid:delivery_id>/replay/", webhooks.ReplayView.as_view(), name="api-webhook-replay"),
]
