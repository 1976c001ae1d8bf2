"""What looks like what: the nearest works on the wall by how they are made, by their colours, and by what is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pgvector.django import CosineDistance

from gallery.models import Card, HungLook
from generation.engines.errors import NotUnderstood, TextModelMissing
from generation.engines.looks.declarations import VERSION
from generation.engines.text.choosing import require_understood, the_encoder
from generation.models import ArtworkLook
from generation.models.looks import MEANING_WIDTH
from marketplace.core.errors import InvalidInput

By = Literal["style", "colour", "meaning"]
WAYS: tuple[By, ...] = get_args(By)
OF_PICTURES: tuple[By, ...] = ("style", "colour")  # of a picture that is sent nothing is said
MOST, LONGEST_QUERY = 48, 400
# How wide a graph is searched, so that among a million works, too, 95 of a hundred are those of an exact search: styles
# differ in more ways than colours do. Measured by tests/benchmarks/catalog/recall.py.
BREADTH: dict[By, int] = {"style": 150, "colour": 64, "meaning": 200}
# Two works are one picture twice, to the eye, that are nearer than this in style and in colours: the second makes room.
# Of two pictures of one manner that show different things, one pair in a hundred is as near in style alone.
_TWIN_STYLE, _TWIN_COLOUR = 0.01, 0.003
_SPARE = 3  # so many times as many are fetched as are wanted, to have others in place of twins

Vector = Sequence[float]


def similar(artwork_id: UUID, *, by: By = "style", limit: int = 12) -> list[UUID]:
    """Works on the wall that are like a work, the likest first, without itself and without near-identical twins.

    The work itself need not hang. Empty where nobody has looked at it yet, or nothing is said of it. Raises
    InvalidInput for another way or limit.
    """
    require_way(by, limit)
    look = ArtworkLook.objects.current().filter(artwork=artwork_id).first()
    vector = getattr(look, by) if look else None
    return nearest(vector, by=by, limit=limit, but=look) if vector is not None else []


def nearest(vector: Vector, *, by: By, limit: int, but: ArtworkLook | None = None) -> list[UUID]:
    """Works on the wall whose look is nearest to a vector, nearest first; twins of one another count once.

    The work `but` is left out, and its twins with it. Raises InvalidInput.
    """
    require_way(by, limit)
    with transaction.atomic():
        widen(by)
        found = list(ranked(vector, by=by).only("style", "colour")[: limit * _SPARE + 1])
    shown: list[HungLook | ArtworkLook] = [but] if but else []
    wanted = limit + len(shown)
    for one in found:
        if len(shown) == wanted:
            break
        if not any(_are_twins(one, other) for other in shown):
            shown.append(one)
    return [one.pk for one in shown if one is not but]


def ranked(vector: Vector, *, by: By) -> "QuerySet[HungLook]":
    """All that hangs, nearest first."""
    hung = HungLook.objects.filter(version=VERSION, **{f"{by}__isnull": False})
    return hung.order_by(CosineDistance(by, list(vector)))


def widen(by: By) -> None:
    """Search the graph as widely as recall asks for, and on where filters leave too few; in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL hnsw.ef_search = {BREADTH[by]}; SET LOCAL hnsw.iterative_scan = strict_order")


def require_way(by: str, limit: int) -> None:
    """Raises InvalidInput."""
    if by not in WAYS:
        raise InvalidInput(_("Works are not compared by that."), errors={"by": [", ".join(WAYS)]})
    if not 1 <= limit <= MOST:
        raise InvalidInput(_("That many are not shown."), errors={"limit": [f"1 … {MOST}"]})


def _are_twins(one: HungLook, other: HungLook | ArtworkLook) -> bool:
    """Whether they are one work, or one picture twice."""
    if one.pk == other.pk:
        return True
    return _apart(one.style, other.style) < _TWIN_STYLE and _apart(one.colour, other.colour) < _TWIN_COLOUR


def _apart(one: Vector, other: Vector) -> float:
    """Cosine distance of two vectors of unit length."""
    return 1.0 - sum(a * b for a, b in zip(one, other, strict=True))


@dataclass(frozen=True)
class Read:
    """What a search by meaning came to: works, or why full text has to do."""

    artwork_ids: Sequence[UUID] = ()
    notice: str = ""


def by_words(query: str, *, limit: int = 24) -> Read:
    """Works of which is said what a sentence means, nearest first.

    With a notice and no works where no text model is installed, or it does not read this language: full text does.
    Raises InvalidInput.
    """
    query = query.strip()
    if not 1 <= len(query) <= LONGEST_QUERY:
        raise InvalidInput(_("Say what you look for."), errors={"q": [_("1 to %d characters.") % LONGEST_QUERY]})
    try:
        require_understood(query)
        encoder = the_encoder()
    except NotUnderstood:
        return Read(notice=_("This house's text model reads English alone; here are the words as they are written."))
    except TextModelMissing:
        return Read(notice=_("No text model is installed here; here are the words as they are written."))
    if encoder.width != MEANING_WIDTH:
        return Read(notice=_("No text model is installed here; here are the words as they are written."))
    return Read(nearest(encoder.encode([query])[0].tolist(), by="meaning", limit=limit))


def reads_meaning() -> bool:
    """Whether a text model is installed that works are read with."""
    try:
        return the_encoder().width == MEANING_WIDTH
    except TextModelMissing:
        return False


def cards_of(artwork_ids: Sequence[UUID]) -> list[Card]:
    """The cards of works in this order, with what is shown of them; one that was taken down meanwhile is left out."""
    found = Card.objects.only("shown").in_bulk(list(artwork_ids))
    return [found[key] for key in artwork_ids if key in found]
