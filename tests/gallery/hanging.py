"""Works, offers and photographs as rows: what pages show, without waiting for an engine to paint it."""

import hashlib
from itertools import count
from typing import Any

from django.utils import timezone
from PIL import Image

from gallery import services as gallery
from generation.models import Artwork, ArtworkFile, ArtworkLook, FileRole, Job, Upload, Visibility
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings import services as listings
from marketplace.listings.models import Listing
from tests.generation.conftest import encoded

_numbers = count(1)
PREVIEW_WIDTHS = (480, 960)


def artist(name: str = "Vera Molnár", bio: str = "Draws with rules.") -> Artist:
    user = User.objects.create_user(f"artist{next(_numbers)}@example.com", display_name=name)
    return accounts.become_artist(user=user, name=name, bio=bio)


def work(maker: User, *, engine: str = "flow-field", **more: Any) -> Artwork:
    """A finished work with its files; on the wall unless `visibility` says otherwise."""
    return add_files(bare_work(maker, engine=engine, **more))


def bare_work(maker: User, *, engine: str = "flow-field", **more: Any) -> Artwork:
    """The same without files."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "title": f"Study {next(_numbers)}", "maker": maker, "artist": getattr(maker, "artist", None), "owner": maker,
        "visibility": Visibility.WALL, "hung_at": now, "engine": engine, "engine_version": "1", "medium": "image",
        "model_hash": "", "seed": 7, "width": 1200, "height": 800,
        "recipe": {"engine": engine, "seed": 7, "parameters": {"palette": "<sumi>"}},
    }  # fmt: skip
    if "job" not in more:
        more["job"] = Job.objects.create(
            owner=maker, engine=engine, engine_version="1", seed=7, queue="cpu", state=Job.State.SUCCEEDED,
            finished_at=now,
        )  # fmt: skip
    return Artwork.objects.create(**(fields | more))


def add_files(artwork: Artwork) -> Artwork:
    previews = [(FileRole.PREVIEW, kind, width) for kind in ("avif", "webp") for width in PREVIEW_WIDTHS]
    kinds = [(FileRole.ORIGINAL, "png", artwork.width), (FileRole.THUMBNAIL, "webp", 160), *previews]
    for role, kind, width in kinds:
        digest = hashlib.sha256(f"{artwork.pk}{role}{kind}{width}".encode()).hexdigest()
        bucket = Bucket.PRIVATE if role == FileRole.ORIGINAL else Bucket.PUBLIC
        ArtworkFile.objects.create(
            artwork=artwork, role=role, format=kind, width=width, height=width * artwork.height // artwork.width,
            bytes=1000, sha256=digest, bucket=bucket.value, key=f"{role}s/{digest}.{kind}",
        )  # fmt: skip
    return artwork


def look_at(artwork: Artwork, *colours: str) -> None:
    """A worker has looked at it and seen these colours."""
    ArtworkLook.objects.create(
        artwork=artwork, style=[1.0] + [0.0] * 127, colour=[0.125] * 64, colours=list(colours),
        network="efficientnet-lite0", version=1,
    )  # fmt: skip


def draw_cards() -> None:
    """Have the wall show all that hangs, as the relay and a worker would a moment later."""
    gallery.refresh_all_cards()
    gallery.fold_changes()


def offer(artwork: Artwork, price: int = 2500) -> Listing:
    """Its artist takes commissions in the work's style."""
    assert artwork.artist is not None
    return listings.publish_listing(artist_user=artwork.artist.user, artwork_id=artwork.pk, price_amount=price)


def photograph(owner: User, **more: Any) -> Upload:
    """A photograph that was uploaded and checked."""
    digest = hashlib.sha256(f"{owner.pk}{next(_numbers)}".encode()).hexdigest()
    fields: dict[str, Any] = {
        "filename": "harbour.jpg", "state": Upload.State.READY, "incoming_key": f"incoming/{digest}",
        "declared_size": 1000, "declared_type": "image/jpeg", "sha256": digest, "key": f"uploads/{digest}.png",
        "media_type": "image/png", "width": 900, "height": 600, "completed_at": timezone.now(),
    }  # fmt: skip
    return Upload.objects.create(owner=owner, **(fields | more))


def mask(owner: User, brightness: int = 255) -> Upload:
    """A mask for such a photograph, of one brightness all over; its file is there, because an order looks into it."""
    upload = photograph(owner, filename="mask.png")
    drawn = Image.new("L", (90, 60), brightness)
    storage.put(Bucket.PRIVATE, upload.key, encoded(drawn), media_type="image/png")
    return upload
