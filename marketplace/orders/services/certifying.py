"""Writing and signing certificates: one for each owner an edition has, and anew when they choose another name."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.canonical import canonical
from marketplace.core.errors import NotFound
from marketplace.core.ids import uuid7
from marketplace.listings.models import Edition
from marketplace.orders import selectors
from marketplace.orders.models import Acquisition, Certificate, Ownership
from marketplace.orders.selectors import PRIVATE
from marketplace.orders.services.signing import sign, signing_key

FORMAT = "atelier-certificate-1"


@transaction.atomic
def certify(*, edition_id: UUID) -> Certificate | None:
    """The valid certificate of an edition, written now if its owner or their name is new; None where nobody owns it.

    Raises CertificateKeyUnusable.
    """
    edition = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "release__artist", "release__artwork", "made"
    ).get(pk=edition_id)  # fmt: skip
    valid = Certificate.objects.filter(edition=edition, superseded_at=None)
    last = Acquisition.objects.filter(edition=edition).order_by("-step").first()
    owned = Ownership.objects.select_related("licence").filter(edition=edition).first()
    if owned is None or last is None:
        valid.update(superseded_at=timezone.now())
        return None
    known = valid.first()
    if (
        known is not None
        and known.acquisition_id == last.pk
        and selectors.said_by(known)["owner"] == (owned.shown_as or PRIVATE)
    ):
        return known
    valid.update(superseded_at=timezone.now())
    return _write(edition, owned, last)


@transaction.atomic
def show_as(*, owner: User, edition_id: UUID, name: str) -> Certificate | None:
    """Have an edition's certificate name its owner as they like, or with "" not at all. Raises NotFound."""
    owned = Ownership.objects.filter(edition=edition_id, owner=owner)
    if not owned.update(shown_as=name.strip()[:80]):
        raise NotFound(gettext("You own no such edition."))
    return certify(edition_id=edition_id)


def _write(edition: Edition, owned: Ownership, last: Acquisition) -> Certificate:
    certificate_id = uuid7()
    key = signing_key()
    text = canonical(_document(certificate_id, edition, owned) | {"key": key.pk})
    return Certificate.objects.create(
        pk=certificate_id, edition=edition, acquisition=last, key=key, document=text.decode(), signature=sign(text)
    )


def _document(certificate_id: UUID, edition: Edition, owned: Ownership) -> dict[str, Any]:
    """What is certified: strings, whole numbers, lists and names alone, so that anybody can write it the same way."""
    artwork = edition.artwork
    assert artwork is not None  # what is owned is made
    release, licence = edition.release, owned.licence
    return {
        "format": FORMAT,
        "id": str(certificate_id),
        "house": settings.ATELIER.public_url,
        "issued_at": _moment(timezone.now()),
        "work": _work(artwork, edition),
        "recipe": {
            "engine": artwork.engine,
            "engine_version": artwork.engine_version,
            "seed": artwork.seed,
            "model_sha256": artwork.model_hash,
            "sha256": sha256(canonical(artwork.public_recipe)).hexdigest(),
        },
        "edition": {"id": str(edition.pk), "number": edition.number, "of": release.size},
        "owner": owned.shown_as or PRIVATE,
        "licence": {
            "code": licence.code,
            "title": licence.title,
            "terms_sha256": sha256(licence.terms.encode()).hexdigest(),
        },
        "history": _history(edition, owned),
    }


def _work(artwork: Artwork, edition: Edition) -> dict[str, Any]:
    original = artwork.original
    return {
        "id": str(artwork.pk),
        "title": artwork.display_title,
        "artist": edition.release.artist.name,
        "medium": artwork.medium,
        "width": artwork.width,
        "height": artwork.height,
        "file_sha256": original.sha256 if original else "",
        "pixels_sha256": artwork.pixels_sha256,
    }


def _history(edition: Edition, owned: Ownership) -> list[dict[str, Any]]:
    steps = [
        {"step": one.step, "at": _moment(one.at), "from": one.giver, "to": one.owner, "how": one.how}
        for one in selectors.history_of(edition)
    ]
    steps[-1]["to"] = owned.shown_as or PRIVATE  # this certificate is not written yet
    return steps


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
