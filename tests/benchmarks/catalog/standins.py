"""What the product's drawing of cards asks of a work and its sales, without its models: `cards` draws a million."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from generation.models import Artwork, FileRole, Visibility
from marketplace.core import storage
from marketplace.core.money import Money
from marketplace.listings.models import SaleKind, SaleState

WIDTHS = (320, 640)  # of previews beside the one of the work's own width
THUMBNAIL = 240


class _Many:
    """A related manager whose rows were fetched."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows

    def all(self) -> Sequence[Any]:
        return self.rows


class _File:
    """A public file of a work."""

    __slots__ = ("format", "key", "role", "width")

    def __init__(self, artwork: UUID, role: str, kind: str, width: int) -> None:
        self.role, self.format, self.width = role, kind, width
        self.key = f"{role}s/{digest(artwork, role, kind, width)}.{kind}"

    @property
    def url(self) -> str:
        return storage.public_url(self.key)


class StandIn:
    """A work, from a row of `bench_past`."""

    COLUMNS = (
        "artwork, title, artist_id, name, artist, engine, width, height, size, sold, kind, amount, currencies,"
        " licences, ends_at, ended, at, placeholder, colours"
    )
    style_artist = None
    visibility = Visibility.WALL
    public_recipe: dict[str, Any] = {"parameters": {}}
    preview_url, srcset, thumbnail_url, _public = (
        Artwork.preview_url, Artwork.srcset, Artwork.thumbnail_url, Artwork._public,
    )  # fmt: skip

    def __init__(
        self, pk: UUID, title: str, artist_id: UUID, name: str, artist: int, engine: str, width: int, height: int,
        size: int, sold: int, kind: str, amount: int, currencies: str, licences: str, ends_at: datetime | None,
        ended: bool, at: datetime, placeholder: str, colours: list[str],
    ) -> None:  # fmt: skip
        self.pk, self.display_title, self.engine = pk, title, engine
        self.artist = SimpleNamespace(pk=artist_id, name=name, slug=f"artist-{artist}")
        self.medium, self.is_film = ("animation", True) if engine == "gan-walk" else ("image", False)
        self.seconds = 4.0 if self.is_film else 0.0
        self.width, self.height, self.placeholder = width, height, placeholder
        self.created_at = self.hung_at = at
        self.colours = colours
        previews = [(FileRole.PREVIEW, form, wide) for wide in (*WIDTHS, width) for form in ("webp", "avif")]
        self.files = _Many([_File(pk, *one) for one in [(FileRole.THUMBNAIL, "webp", THUMBNAIL), *previews]])
        self.sales = [] if ended else [_sale(kind, amount, currencies, licences, size, sold, at, ends_at)]


def digest(artwork: UUID, role: str, kind: str, width: int) -> str:
    """Sixty-four hexadecimal digits for a file; `filling` makes the same in SQL."""
    return f"{artwork.hex}{role.encode().hex()[:16]:0>16}{kind.encode().hex():0>8}{width:0>8}"


def _sale(
    kind: str, amount: int, currencies: str, licences: str, size: int, sold: int, at: datetime, ends_at: datetime | None
) -> Any:
    """An open sale of the work's release; of an English auction, of its one edition."""
    sale = SimpleNamespace(
        kind=kind, state=SaleState.OPEN, opens_at=at, closes_at=ends_at, left=size - sold, edition=None,
        issued=SimpleNamespace(size=size, numbered=size),
    )  # fmt: skip
    if kind == SaleKind.ENGLISH:
        sale.edition = sale.issued
        sale.auction = SimpleNamespace(price=None, start=Money(amount, currencies), licence_id=licences)
    elif kind == SaleKind.DUTCH:
        sale.falling = SimpleNamespace(price_at=lambda now: Money(amount, currencies), licence_id=licences)
    else:
        asked = [
            SimpleNamespace(money=Money(amount * (3 if licence == "commercial" else 1), currency), licence_id=licence)
            for currency in currencies.split(",")
            for licence in licences.split(",")
        ]
        sale.prices = _Many(asked)
    return sale
