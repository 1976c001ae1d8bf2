from django.urls import path

from marketplace.commissions.api import views

urlpatterns = [
    path("commissions/", views.CommissionsView.as_view(), name="api-commissions"),
    path("commissions/<uuid:commission_id>/", views.CommissionView.as_view(), name="api-commission"),
    path("commissions/<uuid:commission_id>/pay/", views.PayView.as_view(), name="api-commission-pay"),
    path("commissions/<uuid:commission_id>/accept/", views.AcceptView.as_view(), name="api-commission-accept"),
    path("commissions/<uuid:commission_id>/decline/", views.DeclineView.as_view(), name="api-commission-decline"),
    path("commissions/<uuid:commission_id>/cancel/", views.CancelView.as_view(), name="api-commission-cancel"),
]
