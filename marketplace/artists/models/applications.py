"""An application to be an artist of the house."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from generation.models import Artwork, Upload
from marketplace.accounts.models import MOST_LINKS, Artist, User, validate_web_address
from marketplace.artists.models.life import OPEN, ApplicationState
from marketplace.core.countries import validate_country
from marketplace.core.models import TimeStamped

MOST_PICTURES = 12  # uploads and works, each


class Application(TimeStamped):
    """What somebody says of themselves and shows, and what curators decided; its life is APPLICATION."""

    State = ApplicationState

    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="artist_applications")
    state = models.CharField(max_length=20, choices=ApplicationState, default=ApplicationState.DRAFT)
    name = models.CharField(max_length=80, help_text="Under which others see their works.")
    statement = models.TextField(max_length=4000, blank=True, help_text="What they make, and why here.")
    links = ArrayField(
        models.URLField(max_length=300, validators=[validate_web_address]), default=list, blank=True, size=MOST_LINKS,
        help_text="Where more of it can be seen.",
    )  # fmt: skip
    uploads = models.ManyToManyField(Upload, related_name="+", blank=True)
    artworks = models.ManyToManyField(Artwork, related_name="+", blank=True, help_text="That they had made here.")
    tax_country = models.CharField(max_length=2, blank=True, validators=[validate_country])

    terms_version = models.CharField(max_length=20, blank=True, help_text="That they agreed to.")
    terms_agreed_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(max_length=2000, blank=True, help_text="The curator's words to the applicant.")
    artist = models.ForeignKey(
        Artist, on_delete=models.PROTECT, null=True, blank=True, related_name="applications",
        help_text="Whom an approval made.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="artists_application_state", condition=Q(state__in=ApplicationState.values)),
            # One person waits for one answer.
            models.UniqueConstraint(
                name="artists_application_one_open", fields=["applicant"], condition=Q(state__in=OPEN)
            ),
            # Whoever asks to sell has agreed to how it is done, and to which words of it.
            models.CheckConstraint(
                name="artists_application_agreed",
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(terms_agreed_at__isnull=False, submitted_at__isnull=False) & ~Q(terms_version="")),
            ),
            # Nobody is turned away, or asked for more, without being told why.
            models.CheckConstraint(
                name="artists_application_says_why",
                condition=~Q(state__in=["rejected", "changes_asked"]) | ~Q(reason=""),
            ),
            # A decision has somebody who made it.
            models.CheckConstraint(
                name="artists_application_decided",
                condition=~Q(state__in=["approved", "rejected", "changes_asked"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="artists_application_approved", condition=~Q(state="approved") | Q(artist__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="artists_waiting", fields=["submitted_at"], condition=Q(state="submitted")),
            models.Index(name="artists_applied", fields=["applicant", "-id"]),
        ]

    def __str__(self) -> str:
        return self.name
