"""A style on the wall, a photograph, and a collector: what every commission starts from."""

import io
import urllib.request
from dataclasses import dataclass
from typing import Any

from PIL import Image

from generation import services as generation
from generation.models import Artwork, Upload
from generation.worker.running import run_next_batch
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.listings import services as listings
from marketplace.listings.models import Listing
from payments.models import Payment
from tests.marketplace.accounts.people import curator
from tests.payments.provider import VISA


def send_photograph(owner: User, colour: tuple[int, int, int] = (90, 140, 200)) -> Upload:
    """A small photograph, uploaded as a browser does."""
    picture = Image.linear_gradient("L").convert("RGB")
    picture.paste(colour, (60, 60, 180, 200))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    data = buffer.getvalue()
    upload, put = generation.request_upload(owner=owner, filename="p.jpg", media_type="image/jpeg", size=len(data))
    request = urllib.request.Request(put.url, data=data, headers=put.headers, method="PUT")
    with urllib.request.urlopen(request):
        return generation.complete_upload(upload_id=upload.pk, owner=owner)


@dataclass
class Stage:
    """Everybody and everything a commission needs."""

    collector: User
    artist: Artist
    listing: Listing
    photograph: Upload

    def order(self, *, size: int = 256, **more: object) -> Commission:
        details: dict[str, Any] = {
            "collector": self.collector,
            "listing_id": self.listing.pk,
            "photograph_id": self.photograph.pk,
            "parameters": {"size": size},
        }
        return services.order_commission(**(details | more))

    def paid(self, payment_method: str = VISA) -> Commission:
        """An order whose card is authorised; painting starts as soon as the house settles."""
        commission = self.order()
        commission.payment = services.pay(commission=commission, payment_method=payment_method)
        assert commission.payment.state == Payment.State.AUTHORISED
        return commission


def set_stage(collector: User, painter: User) -> Stage:
    """A work on the wall with an open listing, and a photograph of the collector's."""
    artist = accounts.become_artist(user=painter, name="Vera Molnár", bio="")
    job = generation.submit_job(owner=painter, engine="flow-field", parameters={"size": 256}, seed=1, title="Ink")
    assert job.pk in run_next_batch(job.queue)
    artwork = Artwork.objects.get(job=job)
    generation.hang_artwork(artwork_id=artwork.pk, curator=curator())
    listing = listings.publish_listing(artist_user=painter, artwork_id=artwork.pk, price_amount=2501)
    return Stage(collector, artist, listing, send_photograph(collector))
