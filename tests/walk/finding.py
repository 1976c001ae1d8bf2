"""What people find and keep in the world: collections, saved searches, suggestions that they do not want."""

from gallery import services as gallery
from generation.models import Artwork
from marketplace.core.languages import speaking
from tests.walk.world import EVERYBODY, World


def keeping(world: World, hung: Artwork) -> None:
    """A collection that everybody may look at, one for nobody else, a saved search, a suggestion that was refused."""
    own, collector = {"collector"}, world.collector
    for label, readers in (("private collection", own), ("public collection", None)):
        kept = gallery.create_collection(owner=collector, title=label.title(), is_public=readers is None)
        gallery.add_to_collection(owner=collector, collection_id=kept.pk, artwork_id=hung.pk)
        seen_by = readers or EVERYBODY
        world.add(label, seen_by, collection_id=kept.pk, artwork_id=hung.pk)
        world.add(label, seen_by, only="^/collections/", slug=kept.slug, kind="atom")
    search = gallery.save_search(owner=collector, query={"q": ["ink"]}, name="Ink")
    world.add("saved search", own, only="/saved-searches/", search_id=search.pk)
    with speaking(collector.language):
        refused = gallery.dismiss_reason(person=collector, key="engine:flow-field")
    world.add("refused suggestion", own, dismissal_id=refused.pk)
