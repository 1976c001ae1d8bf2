from django.urls import path

from payments.api import views

urlpatterns = [
    path("payments/<uuid:payment_id>/", views.PaymentView.as_view(), name="api-payment"),
    path("payments/<uuid:payment_id>/refresh/", views.RefreshView.as_view(), name="api-payment-refresh"),
    path("webhooks/stripe/", views.StripeWebhookView.as_view(), name="api-webhook-stripe"),
]
