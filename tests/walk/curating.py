"""What lies before the curators in the world, and what they decided."""

from gallery.models import Reason, Verdict
from gallery.services import curating, exhibiting
from generation.models import Artwork
from tests.gallery import hanging
from tests.walk.world import HOUSE, World


def cases(world: World) -> None:
    """A work that waits, one that was rejected, and one that was hidden among many."""
    waiting, rejected, hidden = (
        hanging.work(world.artist.user, visibility=Artwork.Visibility.PRIVATE, hung_at=None, title=title)
        for title in ("Waits", "Rejected", "Hidden")
    )
    case = curating.submit_artwork(artwork_id=waiting.pk, artist=world.artist.user)
    world.add("case", {"artist"} | HOUSE, case_id=case.pk)
    asked = "/submit/|/submission/|/report|/picture/"
    world.add("submitted work", {"artist"} | HOUSE, only=asked, artwork_id=waiting.pk)
    curating.submit_artwork(artwork_id=rejected.pk, artist=world.artist.user)
    decision = curating.decide(
        artwork_id=rejected.pk, curator=world.curator, verdict=Verdict.REJECT, reason=Reason.OTHER, words="Not yet."
    )
    world.add("decision", {"artist"} | HOUSE, decision_id=decision.pk)
    curating.submit_artwork(artwork_id=hidden.pk, artist=world.artist.user)
    bulk = curating.decide_many(
        artwork_ids=[hidden.pk], curator=world.curator, verdict=Verdict.REJECT, reason=Reason.OTHER, words="No."
    )
    world.add("bulk decision", HOUSE, bulk_id=bulk.pk)


def exhibitions(world: World, hung: Artwork) -> None:
    """An exhibition that is being prepared."""
    curator = world.curator
    prepared = exhibiting.draft_exhibition(curator=curator, title="Prepared")
    place = exhibiting.hang_in_exhibition(curator=curator, exhibition_id=prepared.pk, artwork_id=hung.pk)
    part = exhibiting.add_section(curator=curator, exhibition_id=prepared.pk, title="First")
    world.add("exhibition", HOUSE, exhibition_id=prepared.pk, hanging_id=place.pk, section_id=part.pk)
    world.add("exhibition", HOUSE, only="/exhibitions/", slug=prepared.slug, step="publish")
