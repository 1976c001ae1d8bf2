from django.urls import path

from payments.api import cards, views

urlpatterns = [
    path("payments/<uuid:payment_id>/", views.PaymentView.as_view(), name="api-payment"),
    path("payments/<uuid:payment_id>/refresh/", views.RefreshView.as_view(), name="api-payment-refresh"),
    path("payments/<uuid:payment_id>/pay/", cards.PayView.as_view(), name="api-payment-pay"),
    path("cards/", cards.CardsView.as_view(), name="api-cards"),
    path("cards/keep/", cards.SaveCardView.as_view(), name="api-card-keep"),
    path("cards/<uuid:card_id>/", cards.CardView.as_view(), name="api-card"),
    path("cards/<uuid:card_id>/prefer/", cards.PreferCardView.as_view(), name="api-card-prefer"),
    path("webhooks/stripe/", views.StripeWebhookView.as_view(), name="api-webhook-stripe"),
]
