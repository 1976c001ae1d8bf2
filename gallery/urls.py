"""The pages' addresses."""

from django.urls import path

from gallery.pages import artists, collection, commissions, operations, origins, reviews, tokens, wall, works

urlpatterns = [
    path("", wall.show, name="wall"),
    path("works/<uuid:artwork_id>/", works.show, name="work"),
    path("works/<uuid:artwork_id>/hang/", works.hang, name="work-hang"),
    path("works/<uuid:artwork_id>/take-down/", works.take_down, name="work-take-down"),
    path("works/<uuid:artwork_id>/undo/", works.undo, name="work-undo"),
    path("works/<uuid:artwork_id>/origin/", origins.show, name="work-origin"),
    path("works/<uuid:artwork_id>/verify/", origins.verify, name="work-verify"),
    path("works/<uuid:artwork_id>/commission/", commissions.new, name="commission-new"),
    path("artists/<slug:slug>/", artists.show, name="artist"),
    path("commissions/", commissions.index, name="commissions"),
    path("commissions/<uuid:commission_id>/", commissions.show, name="commission"),
    path("commissions/<uuid:commission_id>/state/", commissions.state, name="commission-state"),
    path("commissions/<uuid:commission_id>/pay/", commissions.pay, name="commission-pay"),
    path("commissions/<uuid:commission_id>/accept/", commissions.accept, name="commission-accept"),
    path("commissions/<uuid:commission_id>/decline/", commissions.decline, name="commission-decline"),
    path("commissions/<uuid:commission_id>/cancel/", commissions.cancel, name="commission-cancel"),
    path("operations/", operations.show, name="operations"),
    path("operations/<uuid:job_id>/cancel/", operations.cancel, name="operations-cancel"),
    path("operations/<uuid:job_id>/requeue/", operations.requeue, name="operations-requeue"),
    path("review/", reviews.index, name="reviews"),
    path("review/<uuid:review_id>/picture/", reviews.picture, name="review-picture"),
    path("review/<uuid:review_id>/clear/", reviews.clear, name="review-clear"),
    path("review/<uuid:review_id>/refuse/", reviews.refuse, name="review-refuse"),
    path("review/<uuid:review_id>/undo/", reviews.undo, name="review-undo"),
    path("collection/", collection.show, name="collection"),
    path("accounts/tokens/", tokens.index, name="tokens"),
    path("accounts/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token-revoke"),
]
