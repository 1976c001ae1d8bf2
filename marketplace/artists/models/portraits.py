"""An artist's portrait, as everybody sees it."""

from django.db import models

from generation.models import Upload
from marketplace.accounts.models import Artist
from marketplace.core import storage
from marketplace.core.models import TimeStamped

SIDE = 480  # pixels of the square that is shown


class Portrait(TimeStamped):
    """A square cut out of a checked upload, and kept where browsers can have it."""

    artist = models.OneToOneField(Artist, on_delete=models.PROTECT, related_name="portrait")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+", help_text="What it was cut from.")
    key = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"Portrait of {self.artist}"

    @property
    def url(self) -> str:
        return storage.public_url(self.key)
