"""What people keep: works they saved, and collections in an order of their own, private or for everybody."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped

MOST_WORKS = 2_000  # in one collection; among the saved ones too
MOST_COLLECTIONS = 200  # of one person


class CollectionKind(models.TextChoices):
    SAVED = "saved", _("Saved works")
    COLLECTION = "collection", _("Collection")


class Collection(TimeStamped):
    """Works that a person put together. Of the kind `saved` everybody has one at most: what they gave their heart to.

    Its address (`slug`) is fixed when it is made, so that a link outlives a new name.
    """

    Kind = CollectionKind

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="collections")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COLLECTION)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    is_public = models.BooleanField(default=False)
    cover = models.ForeignKey(
        Artwork, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="None: the first work that hangs.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="gallery_collection_kind", condition=Q(kind__in=CollectionKind.values)),
            models.UniqueConstraint(name="gallery_saved_once", fields=["owner"], condition=Q(kind="saved")),
            # What one saves is nobody else's business.
            models.CheckConstraint(name="gallery_saved_is_private", condition=~Q(kind="saved") | Q(is_public=False)),
        ]
        indexes = [models.Index(name="gallery_collections_newest", fields=["owner", "-id"])]

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    """A work in a collection, at its place; it stays when the work is taken down, for its owner alone to see."""

    id = models.BigAutoField(primary_key=True)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="+")
    place = models.IntegerField(help_text="The least first; what is added comes first, so places may be negative.")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[Any]] = ["collection", "place", "id"]
        constraints = [models.UniqueConstraint(name="gallery_collected_once", fields=["collection", "artwork"])]
        indexes = [
            models.Index(name="gallery_collected_place", fields=["collection", "place", "id"]),
            # Trending reads what was saved lately.
            models.Index(name="gallery_collected_lately", fields=["added_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.artwork} in {self.collection}"
