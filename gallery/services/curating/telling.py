"""Telling artists, and those who reported, what became of a work."""

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gallery.models import ANSWERS, Decision, Reason, Report, Verdict
from gallery.services.curating.cases import artist_user_of
from generation.models import Artwork, Visibility
from marketplace.accounts import services as accounts

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_FEATURED = (Verdict.FEATURE, Verdict.UNFEATURE)


def tell_decided(decision: Decision) -> None:
    """Tell everybody whom a decision concerns; in its transaction."""
    artwork = decision.artwork
    if decision.verdict != Verdict.UNFEATURE:
        is_appeal = hasattr(decision, "answered_appeals") and decision.answered_appeals.exists()
        kind = "appeal.decided" if is_appeal else "work.decided"
        accounts.notify(
            person=artist_user_of(artwork), kind=kind, key=str(decision.pk), title=_title(decision),
            body=_why(decision), link=_link(artwork),
            data={"artwork": str(artwork.pk), "verdict": decision.verdict, "reason": decision.reason},
        )  # fmt: skip
    if decision.verdict in ANSWERS:
        _tell_reporters(decision)


def tell_undone(decision: Decision) -> None:
    """Tell the artist that a decision was taken back."""
    artwork = decision.artwork
    if decision.verdict not in _FEATURED:
        accounts.notify(
            person=artist_user_of(artwork), kind="work.decided", key=f"{decision.pk}:undone", link=_link(artwork),
            title=format_lazy(_("A decision about {work} was taken back"), work=artwork.display_title),
            body=_("It is as it was before."),
        )  # fmt: skip


def tell_hidden(artwork: Artwork, case_version: int) -> None:
    """Tell the artist that the house has taken a work down because people reported it."""
    accounts.notify(
        person=artist_user_of(artwork), kind="work.hidden", key=f"{artwork.pk}:{case_version}", link=_link(artwork),
        title=format_lazy(_("{work} is hidden for now"), work=artwork.display_title),
        body=_("Several people reported it. A curator looks at it and decides; you will hear of it."),
    )  # fmt: skip


def _tell_reporters(decision: Decision) -> None:
    answered = Report.objects.filter(decision=decision, reporter__isnull=False)
    people = list(answered.values_list("reporter_id", flat=True))
    if not people:
        return
    is_upheld = decision.verdict == Verdict.REJECT
    accounts.notify_all(
        people=[person for person in people if person is not None], kind="report.decided", key=str(decision.pk),
        title=format_lazy(_("You reported {work}: it was taken down"), work=decision.artwork.display_title)
        if is_upheld
        else format_lazy(_("You reported {work}: it stays"), work=decision.artwork.display_title),
        body=_("Thank you for telling us.") if is_upheld else _("A curator looked at it. Thank you for telling us."),
        link="" if is_upheld else _link(decision.artwork),
    )  # fmt: skip


def _title(decision: Decision) -> "str | _StrPromise":
    return format_lazy(_said(decision), work=decision.artwork.display_title)


def _said(decision: Decision) -> "_StrPromise":
    if decision.verdict == Verdict.APPROVE:
        hangs = decision.after["visibility"] == Visibility.WALL
        return _("{work} hangs on the wall") if hangs else _("{work} is cleared")
    if decision.verdict == Verdict.REJECT:
        is_down = decision.after["visibility"] == Visibility.HIDDEN
        return _("{work} was taken down") if is_down else _("{work} was turned down")
    if decision.verdict == Verdict.ASK_CHANGES:
        return _("{work} needs a change")
    return _("{work} was taken off the wall") if decision.verdict == Verdict.HIDE else _("{work} is featured")


def _why(decision: Decision) -> "str | _StrPromise":
    if not decision.reason:
        return decision.words
    return format_lazy("{reason}. {words}", reason=Reason(decision.reason).label, words=decision.words)


def _link(artwork: Artwork) -> str:
    return f"/works/{artwork.pk}/"
