"""People: users who sign in with an e-mail address, artists' public profiles, and API tokens."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from marketplace.accounts.models.standing import ArtistState
from marketplace.accounts.models.web import MOST_LINKS, validate_web_address
from marketplace.core.countries import validate_country
from marketplace.core.ids import uuid7
from marketplace.core.models import TimeStamped

CURATORS = "curators"
SCOPES = {
    "read": _("See what is yours"),
    "profile": _("Change your name and your artist's profile"),
    "collect": _("Follow artists, and keep works, collections and searches"),
    "upload": _("Upload pictures"),
    "commission": _("Order, accept and decline commissions: spends money"),
    "pay": _("Keep your cards, and pay with them what you ordered: spends money"),
    "trade": _("Offer prices, answer offers, resell what is yours"),
    "buy": _("Buy editions, give them away, and choose your name on certificates: spends money"),
    "publish": _("List works for sale (artists only)"),
    "webhooks": _("Manage webhook endpoints and read what was sent to them"),
    "curate": _("Hang works and take them down (curators only)"),
}


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in small letters."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Everybody is a collector; an artist has a profile besides, a curator is in the curators' group."""

    id: "models.UUIDField[uuid.UUID, uuid.UUID]" = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    display_name = models.CharField(max_length=80, blank=True)
    tax_country = models.CharField(
        max_length=2, blank=True, validators=[validate_country],
        help_text="Where they are taxed: an ISO 3166 code of two letters; empty while they have not said.",
    )  # fmt: skip
    language = models.CharField(
        max_length=10, blank=True,
        help_text="The language they are written to in; empty: the house's own.",
    )  # fmt: skip
    is_staff = models.BooleanField(default=False, help_text="May enter the administration.")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            # One person an address, however it is written.
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
            # Which countries there are changes; how their codes are written does not.
            models.CheckConstraint(name="accounts_user_tax_country", condition=Q(tax_country__regex="^([A-Z]{2})?$")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def name(self) -> str:
        """What others see: never the address itself."""
        return self.display_name or self.email.split("@", 1)[0]

    @property
    def is_curator(self) -> bool:
        return self.is_superuser or self.groups.filter(name=CURATORS).exists()


class Artist(TimeStamped):
    """An artist's public profile, and how they stand: ARTIST, drawn in docs/machines.md."""

    State = ArtistState

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="artist")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    bio = models.TextField(blank=True, max_length=2000)
    links = ArrayField(
        models.URLField(max_length=300, validators=[validate_web_address]), default=list, blank=True, size=MOST_LINKS,
        help_text="Where else they are to be found: their own site, and places where people meet.",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=ArtistState, default=ArtistState.APPROVED)
    suspended_for = models.CharField(max_length=500, blank=True, help_text="Why; the artist reads it.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_artist_state", condition=Q(state__in=ArtistState.values)),
            # Nobody is kept from selling without being told why.
            models.CheckConstraint(
                name="accounts_artist_suspended_for",
                condition=Q(state="approved", suspended_for="") | (Q(state="suspended") & ~Q(suspended_for="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_suspended(self) -> bool:
        return self.state == ArtistState.SUSPENDED


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Questions about tokens."""

    def live(self, now: datetime) -> "ApiTokenQuerySet":
        """Tokens that open something at `now`."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), revoked_at=None)


class ApiToken(TimeStamped):
    """A key to the API: only its SHA-256 is kept, so that a stolen table opens nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="The token's first characters, to tell it from others.")
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20))
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
