"""A brief: what a collector would like an artist to make, how far it has come, and what was said about it."""

from django.db import models
from django.db.models import F, Q

from generation.models import Artwork, Upload
from marketplace.accounts.models import Artist, User
from marketplace.commissions.models.life import OVER, BriefState
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models import Licence

MOST_PICTURES = 12  # with a brief, or a message


class Brief(TimeStamped):
    """What one collector asks of one artist; its life is the machine BRIEF, drawn in docs/machines.md."""

    State = BriefState

    collector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="briefs")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="briefs")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=5000)
    references = models.ManyToManyField(Upload, related_name="+", blank=True)
    medium = models.CharField(max_length=20, default="image")
    width = models.PositiveIntegerField(null=True, blank=True, help_text="Wished for, in pixels.")
    height = models.PositiveIntegerField(null=True, blank=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    wanted_by = models.DateField(null=True, blank=True)
    budget_least = models.PositiveBigIntegerField(help_text="In minor units.")
    budget_most = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    state = models.CharField(max_length=20, choices=State, default=State.REQUESTED)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it ended as it did, for both sides.")
    quote = models.OneToOneField(
        "commissions.Quote", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The one that was accepted.",
    )  # fmt: skip
    consents = models.JSONField(default=list, blank=True, help_text="Terms of lent styles, as they were accepted.")
    revisions_used = models.PositiveIntegerField(default=0, help_text="Of those that are included.")
    proof = models.ForeignKey(
        "commissions.Candidate", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="What is to be answered, or was accepted.",
    )  # fmt: skip
    answer_by = models.DateTimeField(null=True, blank=True, help_text="Of a brief or a quote: then it expires.")
    pay_by = models.DateTimeField(null=True, blank=True, help_text="Of what is to be paid at present.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="The next proof; then all goes back.")
    accept_by = models.DateTimeField(null=True, blank=True, help_text="Silence until then counts as acceptance.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="Of the present deadline.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="commissions_brief_state", condition=Q(state__in=BriefState.values)),
            models.CheckConstraint(
                name="commissions_brief_budget", condition=Q(budget_least__gt=0, budget_most__gte=F("budget_least"))
            ),
            # Nobody works, or pays, without an agreement.
            models.CheckConstraint(
                name="commissions_brief_agreed",
                condition=Q(quote__isnull=False)
                | Q(state__in=["waitlisted", "requested", "quoted", "declined", "withdrawn", "expired"]),
            ),
            # There is a picture to answer, or to own, exactly where one is answered or owned.
            models.CheckConstraint(
                name="commissions_brief_proof_there",
                condition=Q(proof__isnull=False) | ~Q(state__in=["proof", "awaiting_balance", "delivered"]),
            ),
            # Whoever waits is told until when.
            models.CheckConstraint(
                name="commissions_brief_deadline",
                condition=Q(state__in=["requested", "quoted"], answer_by__isnull=False)
                | Q(state__in=["awaiting_deposit", "awaiting_balance"], pay_by__isnull=False)
                | Q(state="in_progress", due_at__isnull=False)
                | Q(state="proof", accept_by__isnull=False)
                | ~Q(
                    state__in=[
                        "requested", "quoted", "awaiting_deposit", "awaiting_balance", "in_progress", "proof",
                    ]
                ),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="commissions_brief_collector", fields=["collector", "-id"]),
            models.Index(name="commissions_brief_artist", fields=["artist", "state", "-id"]),
            models.Index(name="commissions_brief_open", fields=["state"], condition=~Q(state__in=sorted(OVER))),
        ]

    def __str__(self) -> str:
        return f"{self.title} for {self.collector}"

    @property
    def budget(self) -> tuple[Money, Money]:
        """From, to."""
        return Money(self.budget_least, self.currency), Money(self.budget_most, self.currency)

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def artwork(self) -> Artwork | None:
        """What the proof shows."""
        return self.proof.artwork if self.proof else None


class Message(TimeStamped):
    """Something said about a brief, with pictures; kept as it was said."""

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    attachments = models.ManyToManyField(Upload, related_name="+", blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(name="commissions_message_brief", fields=["brief", "id"])]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"
