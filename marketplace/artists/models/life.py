"""The life of an application: who moves it from where to where."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.machine import BEGINNING, Machine, Transition


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Waiting for a curator")
    CHANGES_ASKED = "changes_asked", _("Changes asked for")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


WRITABLE = (ApplicationState.DRAFT, ApplicationState.CHANGES_ASKED)
OPEN = (*WRITABLE, ApplicationState.SUBMITTED)

APPLICATION = Machine(
    name="application",
    title="An artist's application",
    transitions=(
        Transition("draft", (BEGINNING,), "draft", actor="applicant"),
        Transition("submit", ("draft", "changes_asked"), "submitted", actor="applicant, agreeing to the terms"),
        Transition("withdraw", ("draft", "submitted", "changes_asked"), "withdrawn", actor="applicant"),
        Transition("approve", ("submitted",), "approved", actor="curator", money="they may sell from now on"),
        Transition("reject", ("submitted",), "rejected", actor="curator, saying why"),
        Transition("ask_changes", ("submitted",), "changes_asked", actor="curator, saying which"),
        Transition(
            "reopen", ("approved", "rejected", "changes_asked"), "submitted", actor="curator, undoing a decision",
            money="of one who was approved nothing can be bought meanwhile",
        ),
    ),
)  # fmt: skip
