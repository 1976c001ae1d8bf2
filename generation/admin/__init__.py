"""Generation in the administration: jobs to watch, re-queue and cancel; uploads, artworks and checks to look at."""

from generation.admin.artworks import ArtworkAdmin
from generation.admin.checks import CheckAdmin
from generation.admin.jobs import JobAdmin
from generation.admin.uploads import UploadAdmin

__all__ = ["ArtworkAdmin", "CheckAdmin", "JobAdmin", "UploadAdmin"]
