"""Generation in the administration: jobs to watch, re-queue and cancel; uploads and artworks to look at."""

from generation.admin.artworks import ArtworkAdmin
from generation.admin.jobs import JobAdmin
from generation.admin.uploads import UploadAdmin

__all__ = ["ArtworkAdmin", "JobAdmin", "UploadAdmin"]
