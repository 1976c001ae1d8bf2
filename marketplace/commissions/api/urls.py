from django.urls import include, path

from marketplace.commissions.api import brief_views, lending, styles, views

brief = [
    path("", brief_views.BriefView.as_view(), name="api-brief"),
    path("messages/", brief_views.MessageView.as_view(), name="api-brief-message"),
    path("quotes/", brief_views.QuoteView.as_view(), name="api-brief-quote"),
    path("quotes/<uuid:quote_id>/accept/", brief_views.AcceptQuoteView.as_view(), name="api-brief-accept-quote"),
    path("decline/", brief_views.DeclineView.as_view(), name="api-brief-decline"),
    path("withdraw/", brief_views.WithdrawView.as_view(), name="api-brief-withdraw"),
    path("instalments/<uuid:instalment_id>/pay/", brief_views.PayInstalmentView.as_view(), name="api-brief-pay"),
    path("candidates/", brief_views.CandidateView.as_view(), name="api-brief-candidate"),
    path("proof/", brief_views.ProofView.as_view(), name="api-brief-proof"),
    path("revisions/", brief_views.RevisionView.as_view(), name="api-brief-revision"),
    path("accept/", brief_views.AcceptView.as_view(), name="api-brief-accept"),
    path("cancel/", brief_views.CancelView.as_view(), name="api-brief-cancel"),
    path("dispute/", brief_views.DisputeView.as_view(), name="api-brief-dispute"),
    path("dispute/evidence/", brief_views.EvidenceView.as_view(), name="api-brief-evidence"),
    path("decision/", brief_views.DecisionView.as_view(), name="api-brief-decision"),
    path("case/", brief_views.CaseView.as_view(), name="api-brief-case"),
    path("tip/", brief_views.TipView.as_view(), name="api-brief-tip"),
]
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
    path("commissions/<uuid:commission_id>/rerolls/", views.RerollsView.as_view(), name="api-rerolls"),
    path(
        "commissions/<uuid:commission_id>/rerolls/<int:number>/pay/",
        views.PayRerollView.as_view(),
        name="api-reroll-pay",
    ),
    path(
        "commissions/<uuid:commission_id>/rerolls/<int:number>/drop/",
        views.DropRerollView.as_view(),
        name="api-reroll-drop",
    ),
    path("artists/<slug:slug>/commission-terms/", brief_views.TermsView.as_view(), name="api-commission-terms"),
    path("style-terms/", lending.StyleTermsListView.as_view(), name="api-style-terms"),
    path("style-terms/<uuid:terms_id>/withdraw/", lending.WithdrawView.as_view(), name="api-style-terms-withdraw"),
    path("briefs/", brief_views.BriefsView.as_view(), name="api-briefs"),
    path("briefs/<uuid:brief_id>/", include(brief)),
]
