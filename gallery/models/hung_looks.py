"""How what hangs looks: the vectors of works on the wall, in a table of their own whose indexes hold nothing else."""

from typing import ClassVar

from django.db import models
from pgvector.django import HalfVectorField, HnswIndex

from generation.engines.looks.declarations import COLOUR_WIDTH, STYLE_WIDTH
from generation.models import Artwork
from generation.models.looks import MEANING_WIDTH

# Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using HNSW graphs", 2018: more links
# and a wider search while it is built make a graph that is searched more surely, and takes longer to build.
LINKS, BREADTH = 24, 128


class HungLook(models.Model):
    """A copy of a work's look while the work hangs.

    Triggers on `generation_artwork` and `generation_artworklook` keep it, so that what leaves the wall leaves the
    indexes in the same transaction: a graph from which works had to be filtered would find fewer than it is asked for.
    """

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, primary_key=True, related_name="+")
    style = HalfVectorField(dimensions=STYLE_WIDTH)
    colour = HalfVectorField(dimensions=COLOUR_WIDTH)
    meaning = HalfVectorField(dimensions=MEANING_WIDTH, null=True)
    version = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            HnswIndex(
                name=f"gallery_hunglook_{name}", fields=[name], m=LINKS, ef_construction=BREADTH,
                opclasses=["halfvec_cosine_ops"],
            )
            for name in ("style", "colour", "meaning")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"look of {self.artwork_id} on the wall"
