"""`manage.py furnish`: has the first works made by the real workers, hangs them, offers them and shows them."""

import time
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gallery.management import showing
from gallery.management.furnishing import DRAWN, ENGINES, INK, PAINTED, SOLD, Drawn, Painted, key_of
from gallery.management.people import ARTIST, COLLECTOR, CURATOR, PEOPLE
from gallery.management.selling import sell
from gallery.management.sending import send
from generation import services as generation
from generation.models import Artwork, Job, Upload
from marketplace.accounts.models import User
from marketplace.listings import services as listings
from marketplace.listings.selectors import listing_of_engine

PATIENCE = 900.0  # seconds for one batch of works
PHOTOGRAPHS = {".png": "image/png", ".jpg": "image/jpeg"}


class Command(BaseCommand):
    help = "Fill the walls of a new house; what hangs already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        self.people = {email: User.objects.get(email=email) for email in PEOPLE}
        self.artist, self.curator, collector = (self.people[email] for email in (ARTIST, CURATOR, COLLECTOR))
        self._offer_engines()
        drawn = DRAWN + INK
        self.total = len(drawn) + len(PAINTED)
        hung = Artwork.objects.filter(job__request_key__startswith="furnish:", hung_at__isnull=False)
        if hung.count() < self.total:
            self._hang([(work, self._draw(work)) for work in drawn])
            self._hang([(work, self._paint(work)) for work in PAINTED])
        self._sell()
        self._say("exhibition", showing.show(self.curator))
        self._say("collection", showing.collect(collector))
        self._say("in doubt  ", showing.doubt(collector))

    def _say(self, what: str, titles: Iterable[str]) -> None:
        for title in titles:
            self.stdout.write(f"  {what}  {title}")

    def _sell(self) -> None:
        """What is issued already is left as it is, and so is what somebody took down."""
        for wanted in SOLD:
            work = Artwork.objects.on_wall().filter(job__request_key=key_of(wanted.slug), release=None).first()
            if work is not None and work.owner_id == self.artist.pk:
                sell(wanted, work.pk, self.artist)
                self._say("for sale", [work.title])

    def _offer_engines(self) -> None:
        for engine, price in ENGINES.items():
            if listing_of_engine(engine) is None:
                listings.publish_engine_listing(
                    curator=self.curator, artist=self.artist.artist, engine=engine, price_amount=price
                )

    def _draw(self, work: Drawn) -> Job:
        return generation.submit_job(
            owner=self.people[work.artist],
            engine=work.engine,
            parameters=work.parameters,
            inputs=[],
            seed=work.seed,
            title=work.title,
            request_key=key_of(work.slug),
        )

    def _paint(self, work: Painted) -> Job:
        if known := Job.objects.filter(request_key=key_of(work.slug)).first():
            return known
        styles = [Artwork.objects.get(job__request_key=key_of(slug)) for slug in work.styles]
        return generation.submit_job(
            owner=self.artist,
            engine="arbitrary-style",
            parameters=work.parameters,
            inputs=[
                generation.JobInput.of_upload("content", self._upload(work.photograph)),
                *(generation.JobInput.of_artwork("style", style) for style in styles),
            ],
            seed=1,
            title=work.title,
            request_key=key_of(work.slug),
        )

    def _upload(self, name: str) -> Upload:
        """Upload a photograph as a browser would: ask, PUT, complete."""
        data = (files("skimage") / "data" / name).read_bytes()
        media_type = PHOTOGRAPHS[name[name.rindex(".") :]]
        upload, put = generation.request_upload(owner=self.artist, filename=name, media_type=media_type, size=len(data))
        send(data, put)
        return generation.complete_upload(upload_id=upload.pk, owner=self.artist)

    def _hang(self, made: Iterable[tuple[Drawn | Painted, Job]]) -> None:
        deadline = time.monotonic() + PATIENCE
        for work, job in made:
            while not (artwork := Artwork.objects.filter(job=job).first()):
                job.refresh_from_db()
                if job.state in {Job.State.FAILED, Job.State.CANCELLED}:
                    raise CommandError(f"“{work.title}” could not be made: {job.error_detail}")
                if time.monotonic() > deadline:
                    raise CommandError(f"“{work.title}” is not done after {PATIENCE:.0f} s; are the workers up?")
                time.sleep(0.1)
            if artwork.hung_at is None:
                generation.hang_artwork(artwork_id=artwork.pk, curator=self.curator)
                listings.publish_listing(artist_user=job.owner, artwork_id=artwork.pk, price_amount=work.price)
                count = Artwork.objects.filter(visibility=Artwork.Visibility.WALL).count()
                self.stdout.write(f"  {count:2d} of {self.total}  {work.title}")
