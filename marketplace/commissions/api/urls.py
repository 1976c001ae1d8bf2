from django.urls import path

from marketplace.commissions.api import styles, views

urlpatterns = [
    path("styles/", styles.StylesView.as_view(), name="api-styles"),
    path("styles/suggest/", styles.SuggestView.as_view(), name="api-styles-suggest"),
    path("styles/preview/", styles.PreviewView.as_view(), name="api-styles-preview"),
    path("commissions/", views.CommissionsView.as_view(), name="api-commissions"),
    path("commissions/<uuid:commission_id>/", views.CommissionView.as_view(), name="api-commission"),
    path("commissions/<uuid:commission_id>/pay/", views.PayView.as_view(), name="api-commission-pay"),
    path("commissions/<uuid:commission_id>/accept/", views.AcceptView.as_view(), name="api-commission-accept"),
    path("commissions/<uuid:commission_id>/decline/", views.DeclineView.as_view(), name="api-commission-decline"),
    path("commissions/<uuid:commission_id>/cancel/", views.CancelView.as_view(), name="api-commission-cancel"),
]
