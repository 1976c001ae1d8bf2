"""Telling artists, and those who reported, what became of a work."""

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gallery.models import ANSWERS, Decision, Reason, Report, Verdict
from gallery.services.curating.cases import artist_user_of, owners_of
from gallery.services.curating.notices import ANSWERED
from generation.models import Artwork, Visibility
from marketplace.accounts import services as accounts
from marketplace.core import outbox

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_FEATURED = (Verdict.FEATURE, Verdict.UNFEATURE)


def tell_decided(decision: Decision) -> None:
    """Tell everybody whom a decision concerns; in its transaction."""
    if decision.verdict != Verdict.UNFEATURE:
        _tell_artist(decision)
    if decision.verdict in ANSWERS:
        _tell_objector(decision)
        _tell_reporters(decision)
        notices = Report.objects.filter(decision=decision).exclude(email="")
        for report_id in notices.values_list("pk", flat=True):
            outbox.emit(ANSWERED, report_id)
    if is_takedown(decision) or _is_return(decision):
        _tell_owners(decision)


def is_takedown(decision: Decision) -> bool:
    """Whether a work is out of everybody's sight by this decision: who owns it is told, and may object."""
    return decision.verdict in {Verdict.REJECT, Verdict.HIDE} and decision.after["visibility"] == Visibility.HIDDEN


def tell_undone(decision: Decision, *, is_upheld: bool) -> None:
    """Tell the artist that a decision was taken back, and whoever owns the work where it had been taken down.

    Where that upholds an appeal, it is the answer to it.
    """
    artwork = decision.artwork
    if decision.verdict in _FEATURED:
        return
    is_down = is_takedown(decision)
    people = {artist_user_of(artwork).pk} | (owners_of(artwork) if is_down else set())
    plain = "appeal.decided" if is_upheld else "work.decided"
    accounts.notify_all(
        people=people, kind="work.withdrawn" if is_down else plain, key=f"{decision.pk}:undone",
        title=format_lazy(_("A decision about {work} was taken back"), work=artwork.display_title),
        body=_("It is as it was before."), link=_link(artwork),
    )  # fmt: skip


def tell_hidden(artwork: Artwork, case_version: int) -> None:
    """Tell the artist that the house has taken a work down because people reported it."""
    accounts.notify(
        person=artist_user_of(artwork), kind="work.hidden", key=f"{artwork.pk}:{case_version}", link=_link(artwork),
        title=format_lazy(_("{work} is hidden for now"), work=artwork.display_title),
        body=_("Several people reported it. A curator looks at it and decides; you will hear of it."),
    )  # fmt: skip


def _tell_artist(decision: Decision) -> None:
    artwork, kind = decision.artwork, "work.decided"
    if _is_answer(decision):
        kind = "appeal.decided"
    elif is_takedown(decision):
        kind = "work.withdrawn"  # is always sent: a right of somebody's may be at stake
    accounts.notify(
        person=artist_user_of(artwork), kind=kind, key=str(decision.pk), title=_title(decision),
        body=_why(decision, _may_appeal(decision)), link=_link(artwork),
        data={"artwork": str(artwork.pk), "verdict": decision.verdict, "reason": decision.reason},
    )  # fmt: skip


def _tell_owners(decision: Decision) -> None:
    """Whoever owns what was taken down keeps it, is told why, and may object as its artist may."""
    artwork, keeps = decision.artwork, _("What you own stays yours, and you can go on downloading the original.")
    owners = owners_of(artwork)
    if not owners:
        return
    accounts.notify_all(
        people=owners, kind="work.withdrawn", key=f"{decision.pk}:owners", title=_title(decision),
        body=_why(decision, keeps, _may_appeal(decision)) if is_takedown(decision) else "", link=_link(artwork),
        data={"artwork": str(artwork.pk), "verdict": decision.verdict, "reason": decision.reason},
    )  # fmt: skip


def _tell_objector(decision: Decision) -> None:
    """The answer to an owner's objection; the artist is told of theirs anyway."""
    for appeal in decision.answered_appeals.exclude(person=None).select_related("person"):
        if appeal.person is not None and appeal.person.pk != artist_user_of(decision.artwork).pk:
            accounts.notify(
                person=appeal.person, kind="appeal.decided", key=str(decision.pk), title=_title(decision),
                body=_why(decision), link=_link(decision.artwork),
            )  # fmt: skip


def _is_answer(decision: Decision) -> bool:
    return decision.answered_appeals.exists()


def _is_return(decision: Decision) -> bool:
    was, now = decision.before["visibility"], decision.after["visibility"]
    return bool(was == Visibility.HIDDEN and now == Visibility.WALL)


def _may_appeal(decision: Decision) -> "str | _StrPromise":
    if decision.verdict not in {Verdict.REJECT, Verdict.HIDE} or _is_answer(decision):
        return ""
    return _("If you know that this is wrong, you may object once, on the page of the work. Another curator decides.")


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


def _why(decision: Decision, *more: "str | _StrPromise") -> "_StrPromise":
    reason = format_lazy(_("{reason}."), reason=Reason(decision.reason).label) if decision.reason else ""
    parts = [part for part in (reason, decision.words, *more) if part]
    return format_lazy(" ".join(["{}"] * len(parts)), *parts)


def _link(artwork: Artwork) -> str:
    return f"/works/{artwork.pk}/"
