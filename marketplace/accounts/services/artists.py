"""What people say of themselves: the name others see, and an artist's public profile."""

import secrets
from collections.abc import Sequence

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from marketplace.accounts.errors import AlreadyArtist, SlugTaken
from marketplace.accounts.models import Artist, User
from marketplace.accounts.selectors import artist_by_slug
from marketplace.core.errors import InvalidInput, PermissionRefused

log = structlog.get_logger(__name__)

SLUG_LENGTH = 60


def become_artist(*, user: User, name: str, slug: str = "", bio: str = "", links: Sequence[str] = ()) -> Artist:
    """Give a person whose application was approved their public profile; without `slug`, a free one is made.

    Raises InvalidInput, AlreadyArtist, SlugTaken.
    """
    artist = Artist(user=user, name=name.strip(), slug=slug or _free_slug(name), bio=bio.strip(), links=list(links))
    _check(artist)
    try:
        with transaction.atomic():
            artist.save(force_insert=True)
    except IntegrityError as error:
        if Artist.objects.filter(user=user).exists():
            raise AlreadyArtist() from error
        raise SlugTaken(
            gettext("Another artist is at /%(slug)s/ already; choose another.") % {"slug": artist.slug},
            slug=artist.slug,
        ) from error
    log.info("artist.joined", artist=str(artist.pk), user=str(user.pk))
    return artist


def update_artist(
    *, user: User, slug: str, name: str | None = None, bio: str | None = None, links: Sequence[str] | None = None
) -> Artist:
    """Change one's own profile; the slug stays, for others have linked to it.

    Raises NotFound, PermissionRefused, InvalidInput.
    """
    with transaction.atomic():
        artist = artist_by_slug(slug, for_update=True)
        if artist.user_id != user.pk:
            raise PermissionRefused(gettext("Only the artist may change this profile."))
        if name is not None:
            artist.name = name.strip()
        if bio is not None:
            artist.bio = bio.strip()
        if links is not None:
            artist.links = list(dict.fromkeys(link.strip() for link in links))
        _check(artist)
        artist.save(update_fields=["name", "bio", "links", "updated_at"])
    return artist


def update_profile(
    *, user: User, display_name: str | None = None, tax_country: str | None = None, language: str | None = None
) -> User:
    """Change the name that others see, where one is taxed (a code of ISO 3166; empty: not said), or one's language.

    Raises InvalidInput.
    """
    if display_name is not None:
        user.display_name = display_name.strip()
    if tax_country is not None:
        user.tax_country = tax_country.strip().upper()
    if language is not None:
        user.language = language
    _check(user)
    user.save(update_fields=["display_name", "tax_country", "language"])
    return user


def _check(row: models.Model) -> None:
    try:
        row.clean_fields()
    except ValidationError as error:
        raise InvalidInput(gettext("Some fields are not valid."), errors=error.message_dict) from error


def _free_slug(name: str) -> str:
    # Names without Latin letters make no slug of their own.
    slug = slugify(name)[:SLUG_LENGTH] or f"artist-{secrets.token_hex(4)}"
    if not Artist.objects.filter(slug=slug).exists():
        return slug
    return f"{slug[: SLUG_LENGTH - 9]}-{secrets.token_hex(4)}"
