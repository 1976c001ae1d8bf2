"""What curators see: the queue in its orders, what there is to know of a work in it, and what was decided."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.models import Appeal, AppealState, Case, CaseState, Cause, Decision, Feature, Report, ReportState, Verdict
from generation import selectors as generation
from generation.models import Artwork, Memorisation, Review
from marketplace.accounts.models import CURATORS, User
from marketplace.core.errors import NotFound, PermissionRefused

ORDERS = {
    "oldest": ("waiting_since", "id"),
    "reported": ("-report_count", "waiting_since", "id"),
    "appeals": ("-is_appealed", "waiting_since", "id"),
}
LONGEST_QUEUE = 500  # as far as next and previous reach
LATELY = 12


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a work that a curator should know, and the picture that shows it, if any."""

    kind: str
    said: str
    other: Artwork | None = None
    other_url: str = ""


@dataclass(frozen=True, slots=True)
class ArtistHistory:
    """How an artist's works fared before."""

    hung: int
    hidden: int
    rejected: int
    appeals: int
    upheld_appeals: int


def queue_of(curator: User, *, cause: str = "", order: str = "") -> "list[Case]":
    """The cases that wait for this curator, as far as the queue reaches.

    Their own works wait for others, and so do appeals against their decisions where there is another curator.
    Each knows what is flagged: `is_explicit`, `is_alike`, `is_memorised`. Raises PermissionRefused.
    """
    require_curator(curator)
    return list(_waiting(curator, cause, order)[:LONGEST_QUEUE])


def case_for(curator: User, case_id: UUID) -> Case:
    """One case, open or not, with all that its page shows. Raises PermissionRefused, NotFound."""
    require_curator(curator)
    case = _shown().filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def counts_by_cause(curator: User) -> dict[str, int]:
    """How many wait for which cause, and `all` of them."""
    asked = {cause.value: Count("pk", filter=Q(**{f"is_{cause.value}": True})) for cause in Cause}
    counted: dict[str, int] = _of_others(curator).aggregate(all=Count("pk"), **asked)
    return counted


def waiting_cases() -> int:
    """How many works wait for a curator that the gate does not hold: those it counts itself."""
    return Case.objects.filter(state=CaseState.WAITING, is_held=False).count()


def flags_of(case: Case) -> list[Flag]:
    """What speaks against a work: of the gate, of what it was learnt from, and of the people who reported it."""
    artwork = case.artwork
    review = Review.objects.filter(artwork=artwork).select_related("resembles__artist").order_by("-id").first()
    flags = []
    if review is not None and review.is_explicit:
        score = {"score": f"{review.explicit:.0%}"}
        flags.append(Flag("explicit", _("The classifier takes it for explicit (%(score)s).") % score))
    alike = _lookalike(artwork, review)
    if alike is not None:
        said = _("It looks like “%(work)s” (%(bits)d of 64 bits differ).")
        flags.append(Flag("similar", said % {"work": alike[0].display_title, "bits": alike[1]}, alike[0]))
    measured = generation.memorisation_of(artwork.pk)
    if measured is not None and measured.is_memorised:
        said = _("It repeats a picture that its model learnt from: %(share)s of the usual distance from it.")
        url = generation.memorised_picture_url(measured)
        flags.append(Flag("memorised", said % {"share": f"{measured.share:.0%}"}, other_url=url))
    return flags


def reports_on(artwork: Artwork) -> list[Report]:
    """What is said against a work and not answered, newest first."""
    open_ones = Report.objects.filter(artwork=artwork, state=ReportState.OPEN).select_related("reporter")
    return list(open_ones.order_by("-id")[:50])


def appeal_on(artwork: Artwork) -> Appeal | None:
    """The appeal that waits for an answer, with what it is against."""
    found = Appeal.objects.filter(decision__artwork=artwork, state=AppealState.OPEN)
    return found.select_related("decision__curator").first()


def is_for_another(case: Case, curator: User) -> bool:
    """Is it an appeal against a decision of this curator's own, and is there another curator to answer it?"""
    return case.is_appealed and Case.objects.filter(_for_another(curator), pk=case.pk).exists()


def decisions_on(artwork: Artwork) -> list[Decision]:
    """What was decided about a work, newest first, undone decisions included."""
    return list(Decision.objects.filter(artwork=artwork).select_related("curator", "undone_by")[:20])


def decided_lately(curator: User) -> list[Decision]:
    """A curator's own decisions that stand, newest first: what they may want to undo."""
    own = Decision.objects.standing().filter(curator=curator).select_related("artwork", "bulk")
    return list(own.prefetch_related("artwork__files")[:LATELY])


def decided_today(curator: User) -> int:
    """How many decisions of a curator's, of this day, stand."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Decision.objects.standing().filter(curator=curator, created_at__gte=today).count()


def history_of(artwork: Artwork) -> ArtistHistory:
    """How the artist's other works fared."""
    by = Q(artist=artwork.artist) if artwork.artist_id else Q(artist=None, maker=artwork.maker_id)
    works = Artwork.objects.filter(by).exclude(pk=artwork.pk)
    counted = works.aggregate(
        hung=Count("pk", filter=Q(visibility="wall")), hidden=Count("pk", filter=Q(visibility="hidden"))
    )
    decided = Decision.objects.standing().filter(artwork__in=works, verdict=Verdict.REJECT).count()
    appeals = Appeal.objects.filter(decision__artwork__in=works).aggregate(
        all=Count("pk"), upheld=Count("pk", filter=Q(state=AppealState.UPHELD))
    )
    return ArtistHistory(counted["hung"], counted["hidden"], decided, appeals["all"], appeals["upheld"])


def open_case_of(artwork_id: UUID) -> Case | None:
    """What is asked about a work just now, if anything."""
    return Case.objects.filter(artwork=artwork_id, state__in=("waiting", "changes_asked")).first()


def last_decision_on(artwork_id: UUID) -> Decision | None:
    """The last decision about a work that stands, but for features."""
    plain = Decision.objects.standing().filter(artwork=artwork_id)
    return plain.exclude(verdict__in=[Verdict.FEATURE, Verdict.UNFEATURE]).select_related("appeal").first()


def can_be_appealed(decision: Decision) -> bool:
    """Does it stand against the artist, as the last but for featuring, without an appeal before or about it?"""
    if decision.verdict not in {Verdict.REJECT, Verdict.HIDE}:
        return False
    if Appeal.objects.filter(decision=decision).exists() or decision.answered_appeals.exists():
        return False
    return last_decision_on(decision.artwork_id) == decision


def artwork_decided(decision_id: UUID) -> UUID:
    """The work that a decision is about. Raises NotFound."""
    found: UUID | None = Decision.objects.filter(pk=decision_id).values_list("artwork_id", flat=True).first()
    if found is None:
        raise NotFound(_("There is no such decision."))
    return found


def featured() -> list[Artwork]:
    """The works on the wall that curators put forward, last featured first."""
    works = Artwork.objects.on_wall().with_files().filter(feature__isnull=False)
    return list(works.order_by("-feature__featured_at")[:LATELY])


def is_featured(artwork_id: UUID) -> bool:
    return Feature.objects.filter(artwork=artwork_id).exists()


def require_curator(person: User) -> None:
    """Raises PermissionRefused."""
    if not person.is_curator:
        raise PermissionRefused(_("Only curators see what waits for a decision."))


def _of_others(curator: User) -> QuerySet[Case]:
    waiting = Case.objects.filter(state=CaseState.WAITING).exclude(_for_another(curator))
    return waiting.exclude(artwork__maker=curator).exclude(artwork__artist__user=curator)


def _for_another(curator: User) -> Q:
    """Cases with an appeal against this curator's own decision, where there is another curator."""
    against = Appeal.objects.filter(
        decision__artwork=OuterRef("artwork"), decision__curator=curator, state=AppealState.OPEN
    )
    others = User.objects.filter(groups__name=CURATORS, is_active=True).exclude(pk=curator.pk)
    return Q(Exists(against), Exists(others), is_appealed=True)


def _waiting(curator: User, cause: str, order: str) -> QuerySet[Case]:
    waiting = _of_others(curator)
    if cause in Cause.values:
        waiting = waiting.filter(**{f"is_{cause}": True})
    standing = Review.objects.standing().filter(artwork=OuterRef("artwork"))
    memorised = Memorisation.objects.filter(artwork=OuterRef("artwork"), is_memorised=True)
    waiting = waiting.annotate(
        is_explicit=Exists(standing.filter(is_explicit=True)),
        is_alike=Exists(standing.filter(resembles__isnull=False)), is_memorised=Exists(memorised),
    )  # fmt: skip
    waiting = waiting.order_by(*ORDERS.get(order, ORDERS["oldest"])).select_related("artwork__artist", "claimed_by")
    return waiting.prefetch_related("artwork__files")


def _shown() -> QuerySet[Case]:
    return Case.objects.select_related(
        "artwork__artist__user", "artwork__maker", "artwork__style_artist", "claimed_by"
    ).prefetch_related("artwork__files")


def _lookalike(artwork: Artwork, review: Review | None) -> tuple[Artwork, int] | None:
    """What the gate found like it, or what on the wall is like it by now."""
    if review is not None and review.resembles is not None and review.distance is not None:
        return review.resembles, review.distance
    if artwork.phash is None:
        return None
    within = settings.ATELIER.similar_distance
    return generation.lookalike_on_wall(artwork.phash, maker=artwork.maker, within=within)
