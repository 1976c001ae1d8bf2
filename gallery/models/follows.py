"""Who follows whom."""

from django.db import models

from marketplace.accounts.models import Artist, User
from marketplace.core.models import TimeStamped


class Follow(TimeStamped):
    """A person wants to hear of what an artist hangs, sells and exhibits."""

    follower = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="followers")

    class Meta:
        constraints = [models.UniqueConstraint(name="gallery_follow_once", fields=["follower", "artist"])]
        indexes = [models.Index(name="gallery_follows_newest", fields=["follower", "-id"])]

    def __str__(self) -> str:
        return f"{self.follower} follows {self.artist}"
