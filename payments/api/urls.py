from django.urls import path

from payments.api import billing, cards, papers, payees, views

urlpatterns = [
    path("payments/<uuid:payment_id>/", views.PaymentView.as_view(), name="api-payment"),
    path("payments/<uuid:payment_id>/refresh/", views.RefreshView.as_view(), name="api-payment-refresh"),
    path("payments/<uuid:payment_id>/pay/", cards.PayView.as_view(), name="api-payment-pay"),
    path("payments/<uuid:payment_id>/keep-card/", cards.KeepView.as_view(), name="api-payment-keep"),
    path("billing/", billing.BillingView.as_view(), name="api-billing"),
    path("invoices/", papers.PapersView.as_view(), name="api-papers"),
    path("invoices/<uuid:paper_id>/", papers.PaperView.as_view(), name="api-paper"),
    path("invoices/<uuid:paper_id>/pdf/", papers.PaperFileView.as_view(), name="api-paper-pdf"),
    path("cards/", cards.CardsView.as_view(), name="api-cards"),
    path("cards/keep/", cards.SaveCardView.as_view(), name="api-card-keep"),
    path("cards/<uuid:card_id>/", cards.CardView.as_view(), name="api-card"),
    path("cards/<uuid:card_id>/prefer/", cards.PreferCardView.as_view(), name="api-card-prefer"),
    path("earnings/", payees.EarningsView.as_view(), name="api-earnings"),
    path("earnings/shares/", payees.SharesView.as_view(), name="api-earnings-shares"),
    path("earnings/transfers/", payees.TransfersView.as_view(), name="api-earnings-transfers"),
    path("earnings/statement/", payees.StatementView.as_view(), name="api-earnings-statement"),
    path("earnings/statement/pdf/", payees.StatementFileView.as_view(), name="api-earnings-statement-pdf"),
    path("payouts/", payees.PayoutsView.as_view(), name="api-payouts"),
    path("payout-account/", payees.PayoutAccountView.as_view(), name="api-payout-account"),
    path("payout-account/onboarding/", payees.OnboardingView.as_view(), name="api-payout-onboarding"),
    path("payout-account/dashboard/", payees.DashboardView.as_view(), name="api-payout-dashboard"),
    path("webhooks/stripe/", views.StripeWebhookView.as_view(), name="api-webhook-stripe"),
]
