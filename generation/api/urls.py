"""Addresses of engines, uploads, datasets, jobs, artworks and reviews, under /api/v1/."""

from django.urls import path

from generation.api import (
    artworks,
    checks,
    curation,
    dataset_files,
    datasets,
    engines,
    events,
    jobs,
    moderation,
    uploads,
)

urlpatterns = [
    path("engines/", engines.EnginesView.as_view(), name="api-engines"),
    path("engines/<slug:name>/", engines.EngineView.as_view(), name="api-engine"),
    path("uploads/", uploads.UploadsView.as_view(), name="api-uploads"),
    path("uploads/<uuid:upload_id>/", uploads.UploadView.as_view(), name="api-upload"),
    path("uploads/<uuid:upload_id>/complete/", uploads.CompleteUploadView.as_view(), name="api-upload-complete"),
    path("jobs/", jobs.JobsView.as_view(), name="api-jobs"),
    path("jobs/variations/", jobs.VariationsView.as_view(), name="api-job-variations"),
    path("jobs/<uuid:job_id>/", jobs.JobView.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.CancelJobView.as_view(), name="api-job-cancel"),
    path("jobs/<uuid:job_id>/events/", events.job_events, name="api-job-events"),
    path("datasets/", datasets.DatasetsView.as_view(), name="api-datasets"),
    path("datasets/<uuid:dataset_id>/", datasets.DatasetView.as_view(), name="api-dataset"),
    path("datasets/<uuid:dataset_id>/freeze/", datasets.FreezeView.as_view(), name="api-dataset-freeze"),
    path("datasets/<uuid:dataset_id>/revise/", datasets.ReviseView.as_view(), name="api-dataset-revise"),
    path("datasets/<uuid:dataset_id>/withdraw/", datasets.WithdrawView.as_view(), name="api-dataset-withdraw"),
    path("datasets/<uuid:dataset_id>/confirm/", dataset_files.ConfirmView.as_view(), name="api-dataset-confirm"),
    path("datasets/<uuid:dataset_id>/archives/", dataset_files.ArchivesView.as_view(), name="api-dataset-archives"),
    path("datasets/<uuid:dataset_id>/pictures/", dataset_files.PicturesView.as_view(), name="api-dataset-pictures"),
    path(
        "datasets/<uuid:dataset_id>/pictures/<uuid:picture_id>/",
        dataset_files.PictureView.as_view(),
        name="api-dataset-picture",
    ),
    path(
        "datasets/<uuid:dataset_id>/pictures/<uuid:picture_id>/keep/",
        dataset_files.KeepView.as_view(),
        name="api-dataset-picture-keep",
    ),
    path("artworks/", artworks.ArtworksView.as_view(), name="api-artworks"),
    path("artworks/<uuid:artwork_id>/", artworks.ArtworkView.as_view(), name="api-artwork"),
    path("artworks/<uuid:artwork_id>/verify/", checks.VerifyView.as_view(), name="api-artwork-verify"),
    path("artworks/<uuid:artwork_id>/hang/", curation.HangView.as_view(), name="api-artwork-hang"),
    path("artworks/<uuid:artwork_id>/take-down/", curation.TakeDownView.as_view(), name="api-artwork-take-down"),
    path("artworks/<uuid:artwork_id>/undo/", curation.UndoView.as_view(), name="api-artwork-undo"),
    path("reviews/", moderation.ReviewsView.as_view(), name="api-reviews"),
    path("reviews/<uuid:review_id>/", moderation.ReviewView.as_view(), name="api-review"),
    path("reviews/<uuid:review_id>/clear/", moderation.ClearView.as_view(), name="api-review-clear"),
    path("reviews/<uuid:review_id>/refuse/", moderation.RefuseView.as_view(), name="api-review-refuse"),
    path("reviews/<uuid:review_id>/undo/", moderation.UndoReviewView.as_view(), name="api-review-undo"),
]
