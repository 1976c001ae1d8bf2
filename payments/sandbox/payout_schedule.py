"""When an account is paid out by itself: every day, week or month, or not at all."""

import time

from payments.sandbox.session import Session
from payments.sandbox.store import Document

CHORE = "payouts"
_DAY = 86_400
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def plan(session: Session) -> None:
    """Have the clock pay the acting account out when its schedule says so. The platform's own payouts are by hand."""
    if not session.tx.account:
        return
    account = _account(session)
    if account is None or account["settings"]["payouts"]["schedule"]["interval"] == "manual":
        return
    session.tx.set_deadline(f"{account['id']}/{CHORE}", next_time(account, session.now))


def next_time(account: Document, now: int) -> int:
    """The next midnight (UTC) on which the account's schedule pays out."""
    schedule = account["settings"]["payouts"]["schedule"]
    moment = now - now % _DAY + _DAY
    while not _fits(schedule, time.gmtime(moment)):
        moment += _DAY
    return moment


def _fits(schedule: Document, day: time.struct_time) -> bool:
    if schedule["interval"] == "weekly":
        return bool(_WEEKDAYS[day.tm_wday] == schedule.get("weekly_anchor", "monday"))
    if schedule["interval"] == "monthly":
        # In a month that is too short, on its last day; 28 is a day of every month.
        return day.tm_mday == min(int(schedule.get("monthly_anchor", 1)), 28)
    return True


def _account(session: Session) -> Document | None:
    identifier = session.tx.account
    with session.tx.acting_for(""):
        return session.tx.find("account", identifier)
