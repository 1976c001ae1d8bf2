"""How many cards each facet and each word has, and that cards changed: kept by triggers on `gallery_card`."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class FacetCount(models.Model):
    """How many cards have a facet, or a facet beside another one (`beside`), as of the last fold of the changes.

    Words are counted as facets of the kind `word`, and have their trigrams with them, so that a mistyped one finds
    them. The facet `all` counts every card.
    """

    id = models.BigAutoField(primary_key=True)
    facet = models.CharField(max_length=100, db_collation="C")
    beside = models.CharField(max_length=100, blank=True, db_collation="C")
    count = models.BigIntegerField()
    grams = SearchVectorField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="gallery_facet_once", fields=["beside", "facet"])]
        indexes = [
            models.Index(
                F("count").desc(), name="gallery_facet_artists", condition=Q(beside="", facet__startswith="artist:")
            ),
            GinIndex(name="gallery_facet_grams", fields=["grams"]),
        ]

    def __str__(self) -> str:
        return f"{self.facet}: {self.count}"


class FacetChange(models.Model):
    """What a change of cards adds to a count or takes from it.

    Appended, never updated: whoever changes cards waits for nobody. A chore folds them into `FacetCount`.
    """

    id = models.BigAutoField(primary_key=True)
    facet = models.CharField(max_length=100, db_collation="C")
    beside = models.CharField(max_length=100, blank=True, db_collation="C")
    change = models.IntegerField()

    class Meta:
        indexes = [models.Index(name="gallery_facet_changes", fields=["beside", "facet"])]

    def __str__(self) -> str:
        return f"{self.facet}: {self.change:+d}"


class CatalogueChange(models.Model):
    """That cards changed in some transaction: which of these rows one sees is the catalogue's version.

    A row is seen by others from the very commit on that changed the cards, and nobody waits for a common counter.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.id)
