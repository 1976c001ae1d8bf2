"""Choosing suggestions: from whom one follows, whom one keeps works of, and how these were made."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gallery.models import Card, CollectionItem, Dismissal, Seen
from gallery.selectors.catalogue.facets import facet
from gallery.selectors.looks import similar
from gallery.selectors.suggestions import reasons
from gallery.selectors.suggestions.mixing import mixed
from gallery.selectors.suggestions.reasons import Reason
from gallery.selectors.works import hanging, of_active
from generation.models import Artwork, Holder
from marketplace.accounts.models import Artist, User
from marketplace.accounts.selectors import artist_of

PAGE = 24
KEPT = 200  # the last works that one saved or acquired say what one likes
ALIKE = 3  # of the last works that one keeps: whose like is looked for
EACH = 12  # suggestions that one reason can bring
ARTISTS, ENGINES = 8, 3  # of whom one keeps most
A_HABIT = 3  # works of one engine are no accident any more


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A work that one has not seen, and why it is shown."""

    card: Card
    reason: Reason

    @property
    def artwork_id(self) -> UUID:
        return self.card.artwork_id

    @property
    def artist_id(self) -> UUID | None:
        return self.card.artist_id


def suggestions_for(person: User, *, limit: int = PAGE, now: datetime | None = None) -> list[Suggestion]:
    """At most `limit` works, none that one saw, keeps, owns, made or dismissed; in some ten queries, whoever asks."""
    muted = set(dismissed_reasons(person, now=now).values_list("reason", flat=True))
    kept = _kept(person)
    new = _new_to(person)
    sources = [*_of_followed(person, new), *_of_kept_artists(kept, new), *_of_engines(kept, new), *_of_looks(kept, new)]
    allowed = [source for source in sources if source and source[0].reason.key not in muted]
    return mixed(allowed, limit)


def dismissed_reasons(person: User, *, now: datetime | None = None) -> QuerySet[Dismissal]:
    """The reasons that a person wants less of at present, the last first."""
    reasons_of = Dismissal.objects.filter(person=person, until__gt=now or timezone.now())
    return reasons_of.order_by("-at", "-pk")


def _kept(person: User) -> list[Card]:
    """What a person saved, collected or owns and hangs, the last first; nothing that they made."""
    items = CollectionItem.objects.filter(collection__owner=person).order_by("-pk").values_list("artwork", flat=True)
    held = Holder.objects.filter(user=person).order_by("-pk").values_list("artwork", flat=True)
    owned = Artwork.objects.filter(owner=person).exclude(maker=person).order_by("-pk").values_list("pk", flat=True)
    cards = hanging([*items[:KEPT], *held[:KEPT], *owned[:KEPT]])
    own = artist_of(person)
    return [card for card in cards if own is None or card.artist_id != own.pk]


def _new_to(person: User) -> QuerySet[Card]:
    """What hangs and a person does not know yet, last hung first."""
    this = OuterRef("pk")
    known = (
        Exists(Seen.objects.filter(person=person, artwork=this))
        | Exists(CollectionItem.objects.filter(collection__owner=person, artwork=this))
        | Exists(Holder.objects.filter(user=person, artwork=this))
        | Exists(Dismissal.objects.filter(person=person, artwork=this))
        | Exists(Artwork.objects.filter(Q(maker=person) | Q(owner=person) | Q(artist__user=person), pk=this))
    )
    return of_active().filter(~known)


def _of_followed(person: User, new: QuerySet[Card]) -> list[list[Suggestion]]:
    artists = Artist.objects.filter(followers__follower=person).in_bulk()
    return _of_artists({pk: reasons.followed(artist) for pk, artist in artists.items()}, new)


def _of_kept_artists(kept: Sequence[Card], new: QuerySet[Card]) -> list[list[Suggestion]]:
    most = dict(Counter(card.artist_id for card in kept if card.artist_id is not None).most_common(ARTISTS))
    artists = Artist.objects.in_bulk(list(most))
    return _of_artists({pk: reasons.by_kept_artist(artists[pk], number) for pk, number in most.items()}, new)


def _of_artists(why: Mapping[UUID, Reason], new: QuerySet[Card]) -> list[list[Suggestion]]:
    """For each artist what is newest of theirs, each artist's works by the artist's own reason."""
    found: dict[UUID, list[Suggestion]] = defaultdict(list)
    for card in new.filter(artist__in=list(why))[: EACH * ARTISTS] if why else ():
        assert card.artist_id is not None  # asked for by artist
        if len(found[card.artist_id]) < EACH:
            found[card.artist_id].append(Suggestion(card, why[card.artist_id]))
    return list(found.values())


def _of_engines(kept: Sequence[Card], new: QuerySet[Card]) -> list[list[Suggestion]]:
    """How the works that one keeps were made, and in which colour where that says more."""
    found = []
    for engine, number in Counter(card.engine for card in kept).most_common(ENGINES):
        if number < A_HABIT:
            break
        made = new.filter(engine=engine)
        colours = Counter(colour for card in kept if card.engine == engine for colour in card.colours)
        colour, times = max(colours.items(), key=itemgetter(1), default=("", 0))
        if times >= A_HABIT:
            reason = reasons.made_like(engine, times, colour)
            found.append(
                [Suggestion(card, reason) for card in made.filter(facets__contains=[facet("colour", colour)])[:EACH]]
            )
        else:
            found.append([Suggestion(card, reasons.made_like(engine, number)) for card in made[:EACH]])
    return found


def _of_looks(kept: Sequence[Card], new: QuerySet[Card]) -> list[list[Suggestion]]:
    """What looks like the works that one kept last; nothing for those that nobody has looked at yet."""
    like = {card: similar(card.pk, limit=EACH) for card in kept[:ALIKE]}
    unknown = new.in_bulk([pk for found in like.values() for pk in found]) if like else {}
    return [
        [Suggestion(unknown[pk], reasons.looks_like(card)) for pk in found if pk in unknown]
        for card, found in like.items()
    ]
