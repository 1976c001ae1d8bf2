"""Counting facets: changes that triggers wrote are folded into the counts, or everything is counted from the cards."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from gallery.models import CatalogueChange, FacetCount
from gallery.selectors.catalogue import facets
from gallery.selectors.catalogue.lexicon import trigrams

# Longer than anything that was cached under a version may live: then no version ever comes back.
REMEMBERED = timedelta(minutes=10)
_FOLD = """
    WITH folded AS (DELETE FROM gallery_facetchange RETURNING facet, beside, change)
    INSERT INTO gallery_facetcount (facet, beside, count)
    SELECT facet, beside, sum(change) FROM folded GROUP BY facet, beside ORDER BY facet, beside
    ON CONFLICT (beside, facet) DO UPDATE SET count = gallery_facetcount.count + excluded.count
"""
_RECOUNT = """
    TRUNCATE gallery_facetchange, gallery_facetcount;
    INSERT INTO gallery_facetcount (facet, beside, count)
    SELECT facet, beside, count(*) FROM gallery_card, gallery_counted(facets, words) GROUP BY facet, beside
"""


def fold_changes() -> None:
    """Fold what changed since into the counts; called by a chore, which runs once at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD)
        FacetCount.objects.filter(count__lte=0).exclude(facet=facets.EVERYTHING).delete()
        _spell()


def recount_facets() -> None:
    """Count everything from the cards: after they were written past the triggers, such as by a bulk load."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
        _spell()


def note_change() -> None:
    """What the wall shows besides cards has changed: from the commit on no answer that was kept is shown any more.

    For what no trigger on cards sees, in the transaction that changes it.
    """
    CatalogueChange.objects.create()


def forget_changes() -> None:
    """Forget changes of the catalogue that no cache can know any more; the newest stays, whatever its age."""
    newest = CatalogueChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    CatalogueChange.objects.filter(at__lt=Now() - REMEMBERED, pk__lt=newest).delete()


def _spell() -> None:
    """Give new words their trigrams, by which a mistyped one finds them."""
    new = FacetCount.objects.filter(facet__startswith=f"{facets.WORD}:", beside="", grams=None)
    names = list(new.values_list("facet", flat=True))
    spelt = [" ".join(f"'{gram}'" for gram in trigrams(facets.value_of(name))) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gallery_facetcount SET grams = given.grams::tsvector"
            " FROM unnest(%s::text[], %s::text[]) AS given (facet, grams)"
            " WHERE gallery_facetcount.facet = given.facet AND beside = ''",
            [names, spelt],
        )
