"""What changes something of the gallery's own."""

from gallery.services.bundles import bundle_url, forget_bundles, pack_bundle
from gallery.services.cards import (
    fold_changes,
    forget_changes,
    forget_past_cards,
    recount_facets,
    refresh_all_cards,
    refresh_cards,
    refresh_timed_cards,
)
from gallery.services.collecting import (
    add_to_collection,
    begin_collection,
    change_collection,
    create_collection,
    delete_collection,
    move_in_collection,
    remove_from_collection,
    reorder_collection,
    save_work,
    unsave_work,
)
from gallery.services.dismissing import dismiss_reason, dismiss_work, undo_dismissal
from gallery.services.following import follow_artist, unfollow_artist
from gallery.services.saved_searches import change_search, delete_search, save_search, tell_of_finds
from gallery.services.share_images import forget_share_images, share_image
from gallery.services.titling import retitle_work
from gallery.services.trending import count_attention, keep_views, note_view

__all__ = [
    "add_to_collection",
    "begin_collection",
    "bundle_url",
    "change_collection",
    "change_search",
    "count_attention",
    "create_collection",
    "delete_collection",
    "delete_search",
    "dismiss_reason",
    "dismiss_work",
    "fold_changes",
    "follow_artist",
    "forget_bundles",
    "forget_changes",
    "forget_past_cards",
    "forget_share_images",
    "keep_views",
    "move_in_collection",
    "note_view",
    "pack_bundle",
    "recount_facets",
    "refresh_all_cards",
    "refresh_cards",
    "refresh_timed_cards",
    "remove_from_collection",
    "reorder_collection",
    "retitle_work",
    "save_search",
    "save_work",
    "share_image",
    "tell_of_finds",
    "undo_dismissal",
    "unfollow_artist",
    "unsave_work",
]
