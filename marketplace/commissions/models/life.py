"""The life of a commission by brief, as data: who may do what, what money moves with it, and by when."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.machine import BEGINNING, Machine, Transition


class BriefState(models.TextChoices):
    WAITLISTED = "waitlisted", _("Waiting in line")
    REQUESTED = "requested", _("Waiting for a quote")
    QUOTED = "quoted", _("Quoted")
    AWAITING_DEPOSIT = "awaiting_deposit", _("Waiting for the deposit")
    IN_PROGRESS = "in_progress", _("Being made")
    PROOF = "proof", _("Proof to be answered")
    AWAITING_BALANCE = "awaiting_balance", _("Waiting for the balance")
    DISPUTED = "disputed", _("Disputed")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Came to nothing in time")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Not made in time")
    ABANDONED = "abandoned", _("Never paid in full")
    SETTLED = "settled", _("Settled by the house")
    REVERSED = "reversed", _("Taken back by the bank")


BEFORE_WORK = ("waitlisted", "requested", "quoted", "awaiting_deposit")
AT_WORK = ("in_progress", "proof", "awaiting_balance")
IN_QUEUE = ("requested", "quoted", "awaiting_deposit", *AT_WORK, "disputed")  # what an artist's queue counts

TIME_TO_ANSWER = timedelta(days=30)  # a brief, or a quote, that nobody answers
TIME_TO_PAY = timedelta(days=7)  # a deposit, or a balance
REMINDED_BEFORE = timedelta(days=2)  # a deadline

BRIEF = Machine(
    "brief",
    "A commission by brief",
    (
        Transition("wait", (BEGINNING,), "waitlisted", "collector"),
        Transition("request", (BEGINNING, "waitlisted"), "requested", "collector, or a place that came free"),
        Transition("quote", ("requested", "quoted"), "quoted", "artist; then either, countering", "", "answer_by"),
        Transition("accept_quote", ("quoted",), "awaiting_deposit", "who was offered it", "the deposit is prepared"),
        Transition("decline", ("waitlisted", "requested", "quoted"), "declined", "artist"),
        Transition(
            "withdraw", BEFORE_WORK, "withdrawn", "collector", "what was prepared is cancelled",
        ),
        Transition("expire", BEFORE_WORK, "expired", "time", "what was prepared is cancelled", "answer_by, pay_by"),
        Transition(
            "begin", ("awaiting_deposit",), "in_progress", "provider", "the deposit is taken, and kept in escrow",
        ),
        Transition("submit", ("in_progress",), "proof", "artist", "", "due_at"),
        Transition("take_back", ("proof",), "in_progress", "curator, who holds the picture"),
        Transition(
            "revise", ("proof",), "in_progress", "collector", "beyond the included ones, each is paid into escrow",
            "accept_by",
        ),
        Transition("accept", ("proof",), "awaiting_balance", "collector", "the balance is prepared and charged"),
        Transition(
            "accept_silently", ("proof",), "awaiting_balance", "time",
            "the balance is charged to the kept card, or asked for", "accept_by",
        ),
        Transition(
            "deliver", ("proof", "awaiting_balance"), "delivered", "provider, or at acceptance when all is paid",
            "escrow ends: paid out after the holding period",
        ),
        Transition(
            "cancel", AT_WORK, "cancelled", "collector, or artist", "a part goes back: see the rules below",
        ),
        Transition("miss", ("in_progress",), "missed", "time", "all goes back", "due_at"),
        Transition(
            "abandon", ("awaiting_balance",), "abandoned", "time", "a part goes back: see the rules below", "pay_by",
        ),
        Transition("dispute", AT_WORK, "disputed", "collector, or artist", "nothing moves before staff decide"),
        Transition(
            "decide_delivered", ("disputed",), "delivered", "staff", "a part goes back, the rest is the artist's",
        ),
        Transition("decide_settled", ("disputed",), "settled", "staff", "a part or all goes back, no work is given"),
        Transition(
            "reverse", (*AT_WORK, "disputed", "delivered"), "reversed", "bank",
            "what was charged back is lost, the rest goes back; after delivery, the work",
        ),
    ),
)  # fmt: skip
OVER = BRIEF.finals | {"delivered"}  # nothing more is expected to happen


# What part of everything paid goes back to the collector, of 10,000, by how it ends, who ends it, and what was done.
# The rest is the artist's. No end without a work leaves the artist the whole: nobody has both the money and the work.
REFUNDS: dict[tuple[str, str, str], int] = {
    ("cancel", "artist", "nothing made"): 10_000,
    ("cancel", "artist", "pictures made"): 10_000,
    ("cancel", "artist", "proof shown"): 10_000,
    ("cancel", "artist", "accepted"): 10_000,
    ("cancel", "collector", "nothing made"): 10_000,
    ("cancel", "collector", "pictures made"): 7_500,
    ("cancel", "collector", "proof shown"): 5_000,
    ("cancel", "collector", "accepted"): 2_500,
    ("miss", "time", "any"): 10_000,
    ("abandon", "time", "accepted"): 2_500,
    ("reverse", "bank", "any"): 10_000,
}
