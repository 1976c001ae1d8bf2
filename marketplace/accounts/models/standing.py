"""How an artist stands with the house: whether they may sell here."""

from django.db import models

from marketplace.core.machine import BEGINNING, Machine, Transition


class ArtistState(models.TextChoices):
    APPROVED = "approved"
    SUSPENDED = "suspended"


ARTIST = Machine(
    name="artist",
    title="An artist",
    transitions=(
        Transition("approve", (BEGINNING,), "approved", actor="curator, by an application"),
        Transition(
            "suspend", ("approved",), "suspended", actor="curator",
            money="nothing of theirs can be bought; what was earned is theirs",
        ),
        Transition("reinstate", ("suspended",), "approved", actor="curator", money="all that was open is open again"),
    ),
)  # fmt: skip
