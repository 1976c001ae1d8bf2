"""Choosing suggestions: from whom one follows, whom one keeps works of, and how these were made."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gallery.models import CollectionItem, Dismissal, Follow, Seen
from gallery.selectors.suggestions import reasons
from gallery.selectors.suggestions.mixing import mixed
from gallery.selectors.suggestions.reasons import Reason
from generation.models import Artwork, Holder
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts.models import Artist, ArtistState, User

PAGE = 24
KEPT = 200  # the last works that one saved or acquired say what one likes
EACH = 12  # suggestions that one reason can bring
ARTISTS, ENGINES = 8, 3  # of whom one keeps most
A_HABIT = 3  # works of one engine are no accident any more


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A work that one has not seen, and why it is shown."""

    artwork: Artwork
    reason: Reason

    @property
    def artwork_id(self) -> UUID:
        return self.artwork.pk

    @property
    def artist_id(self) -> UUID | None:
        return self.artwork.artist_id


def suggestions_for(person: User, *, limit: int = PAGE, now: datetime | None = None) -> list[Suggestion]:
    """At most `limit` works, none that one saw, keeps, owns, made or dismissed; in some ten queries, whoever asks."""
    muted = set(dismissed_reasons(person, now=now).values_list("reason", flat=True))
    kept = list(_kept(person))
    new = _new_to(person)
    sources = [*_of_followed(person, new), *_of_kept_artists(kept, new), *_of_engines(kept, new)]
    allowed = [source for source in sources if source and source[0].reason.key not in muted]
    return mixed(allowed, limit)


def dismissed_reasons(person: User, *, now: datetime | None = None) -> QuerySet[Dismissal]:
    """The reasons that a person wants less of at present, the last first."""
    reasons_of = Dismissal.objects.filter(person=person, until__gt=now or timezone.now())
    return reasons_of.order_by("-at", "-pk")


def _kept(person: User) -> Iterable[Artwork]:
    """What a person saved, collected or owns, the last first."""
    items = CollectionItem.objects.filter(collection__owner=person).order_by("-pk").values_list("artwork", flat=True)
    mine = Q(pk__in=list(items[:KEPT])) | Q(owner=person) | Q(holders__user=person)
    own = Q(maker=person) | Q(artist__user=person)
    works = Artwork.objects.filter(mine).exclude(own & ~Q(pk__in=list(items[:KEPT])))
    return works.select_related("artist").distinct().order_by("-pk")[:KEPT]


def _new_to(person: User) -> ArtworkQuerySet:
    """What hangs and a person does not know yet, last hung first."""
    known = (
        Exists(Seen.objects.filter(person=person, artwork=OuterRef("pk")))
        | Exists(CollectionItem.objects.filter(collection__owner=person, artwork=OuterRef("pk")))
        | Exists(Holder.objects.filter(user=person, artwork=OuterRef("pk")))
        | Exists(Dismissal.objects.filter(person=person, artwork=OuterRef("pk")))
    )
    theirs = Q(maker=person) | Q(owner=person) | Q(artist__user=person)
    by_suspended = Q(artist__state=ArtistState.SUSPENDED)
    works = Artwork.objects.on_wall().exclude(theirs).exclude(by_suspended).filter(~known)
    return works.with_files().order_by("-hung_at", "-id")


def _of_followed(person: User, new: ArtworkQuerySet) -> list[list[Suggestion]]:
    follows = Follow.objects.filter(follower=person).values("artist")
    by_artist = _by_artist(new.filter(artist__in=follows)[: EACH * ARTISTS])
    return [[Suggestion(work, reasons.followed(artist)) for work in works] for artist, works in by_artist]


def _of_kept_artists(kept: Sequence[Artwork], new: ArtworkQuerySet) -> list[list[Suggestion]]:
    counted = Counter(work.artist_id for work in kept if work.artist_id is not None)
    most = dict(counted.most_common(ARTISTS))
    by_artist = _by_artist(new.filter(artist__in=most)[: EACH * ARTISTS]) if most else []
    return [
        [Suggestion(work, reasons.by_kept_artist(artist, most[artist.pk])) for work in works]
        for artist, works in by_artist
    ]


def _of_engines(kept: Sequence[Artwork], new: ArtworkQuerySet) -> list[list[Suggestion]]:
    counted = Counter(work.engine for work in kept)
    habits = [(engine, number) for engine, number in counted.most_common(ENGINES) if number >= A_HABIT]
    return [
        [Suggestion(work, reasons.made_like(engine, number)) for work in new.filter(engine=engine)[:EACH]]
        for engine, number in habits
    ]


def _by_artist(works: Iterable[Artwork]) -> list[tuple[Artist, list[Artwork]]]:
    found: dict[Artist, list[Artwork]] = defaultdict(list)
    for work in works:
        assert work.artist is not None  # asked for by artist
        if len(found[work.artist]) < EACH:
            found[work.artist].append(work)
    return list(found.items())
