"""The log of what curators decided: all of it, undone decisions included, newest first."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from gallery.models import Decision, Verdict
from gallery.selectors.curating import require_curator
from marketplace.accounts.models import CURATORS, User

STANDS = ("standing", "undone")


@dataclass(frozen=True, slots=True)
class Sought:
    """Which decisions: by verdict, by curator, about one work, standing or undone; None or empty is any."""

    verdict: str = ""
    stand: str = ""
    curator: UUID | None = None
    artwork: UUID | None = None


def decisions_log(viewer: User, sought: Sought) -> QuerySet[Decision]:
    """The decisions that are sought, newest first, each with `is_last`: whether it can be undone.

    Raises PermissionRefused.
    """
    require_curator(viewer)
    later = Decision.objects.standing().filter(artwork=OuterRef("artwork"), pk__gt=OuterRef("pk"))
    found = Decision.objects.annotate(is_last=~Exists(later))
    if sought.verdict in Verdict.values:
        found = found.filter(verdict=sought.verdict)
    if sought.stand in STANDS:
        found = found.filter(undone_at__isnull=sought.stand == "standing")
    if sought.curator is not None:
        found = found.filter(curator=sought.curator)
    if sought.artwork is not None:
        found = found.filter(artwork=sought.artwork)
    shown = found.select_related("artwork__artist", "curator", "undone_by", "appeal", "bulk")
    return shown.prefetch_related("answered_appeals").order_by("-pk")


def curators() -> list[User]:
    """Whoever decides, or once did, by name."""
    decided = Exists(Decision.objects.filter(curator=OuterRef("pk")))
    now = Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=CURATORS))
    return list(User.objects.filter(decided | now).order_by("display_name", "pk"))
