"""Saving works, and putting collections together: each change locks the collection it is of."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gallery.models import MOST_COLLECTIONS, MOST_WORKS, Collection, CollectionItem, CollectionKind
from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidInput, NotFound

LONGEST_TITLE, LONGEST_DESCRIPTION = 120, 2000
_OWN = Collection.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
# All places at once: the works that are named come first in their order, the others keep theirs behind them.
_REORDER = """
    UPDATE gallery_collectionitem AS item SET place = ranked.place
    FROM (SELECT one.id, row_number() OVER (ORDER BY given.place NULLS LAST, one.place, one.id) AS place
          FROM gallery_collectionitem AS one
          LEFT JOIN unnest(%s::uuid[]) WITH ORDINALITY AS given (artwork_id, place) USING (artwork_id)
          WHERE one.collection_id = %s) AS ranked
    WHERE item.id = ranked.id AND item.place <> ranked.place
"""


@transaction.atomic
def create_collection(*, owner: User, title: str, description: str = "", is_public: bool = False) -> Collection:
    """A new, empty collection. Raises InvalidInput, Conflict (too many)."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once cannot both be the last
    if Collection.objects.filter(owner=owner, kind=CollectionKind.COLLECTION).count() >= MOST_COLLECTIONS:
        raise Conflict(_("You have %(most)d collections; delete one first.") % {"most": MOST_COLLECTIONS})
    words = _checked(title, description)
    return Collection.objects.create(owner=owner, slug=_slug(words["title"]), is_public=is_public, **words)


@transaction.atomic
def begin_collection(*, owner: User, title: str, artwork_id: UUID) -> Collection:
    """A new collection with its first work: both, or neither. Raises as the two steps do."""
    collection = create_collection(owner=owner, title=title)
    add_to_collection(owner=owner, collection_id=collection.pk, artwork_id=artwork_id)
    return collection


@transaction.atomic
def change_collection(
    *,
    owner: User,
    collection_id: UUID,
    title: str | None = None,
    description: str | None = None,
    is_public: bool | None = None,
    cover: UUID | None = None,
    without_cover: bool = False,
) -> Collection:
    """Change what is given; the address stays. `without_cover`: the first work stands for it again.

    Raises NotFound (also: `cover` is not in it), InvalidInput.
    """
    collection = _locked(owner, collection_id)
    new_title = collection.title if title is None else title
    words = _checked(new_title, collection.description if description is None else description)
    collection.title, collection.description = words["title"], words["description"]
    if is_public is not None:
        collection.is_public = is_public
    if cover is not None and not collection.items.filter(artwork=cover).exists():
        raise NotFound(_("It is not in this collection."))
    if cover is not None or without_cover:
        collection.cover_id = cover
    collection.save(update_fields=["title", "description", "is_public", "cover", "updated_at"])
    return collection


@transaction.atomic
def delete_collection(*, owner: User, collection_id: UUID) -> None:
    """Take a collection apart; its works hang as before. Raises NotFound."""
    _locked(owner, collection_id).delete()


@transaction.atomic
def add_to_collection(*, owner: User, collection_id: UUID, artwork_id: UUID) -> None:
    """Put a work that one may see at the front; one that is in it keeps its place. Raises NotFound, Conflict (full)."""
    _add(_locked(owner, collection_id), artwork_id)


@transaction.atomic
def remove_from_collection(*, owner: User, collection_id: UUID, artwork_id: UUID) -> None:
    """Take a work out; also one that is not in it. Raises NotFound."""
    collection = _locked(owner, collection_id)
    collection.items.filter(artwork=artwork_id).delete()
    Collection.objects.filter(pk=collection.pk, cover=artwork_id).update(cover=None)


@transaction.atomic
def reorder_collection(*, owner: User, collection_id: UUID, artwork_ids: Sequence[UUID]) -> None:
    """These works come first, in this order; the others keep theirs behind them, and what is not in it is passed over.

    Raises NotFound, InvalidInput (`works`: one twice, or too many).
    """
    if len(set(artwork_ids)) != len(artwork_ids) or len(artwork_ids) > MOST_WORKS:
        raise InvalidInput(errors={"works": [_("Each work once.")]})
    _reorder(_locked(owner, collection_id), artwork_ids)


@transaction.atomic
def move_in_collection(*, owner: User, collection_id: UUID, artwork_id: UUID, steps: int) -> None:
    """Move a work by so many places, to the front for a negative number. Raises NotFound (also: not in it)."""
    collection = _locked(owner, collection_id)
    order = list(collection.items.order_by("place", "pk").values_list("artwork_id", flat=True))
    if artwork_id not in order:
        raise NotFound(_("It is not in this collection."))
    place = order.index(artwork_id)
    order.insert(min(max(0, place + steps), len(order) - 1), order.pop(place))
    _reorder(collection, order)


@transaction.atomic
def save_work(*, person: User, artwork_id: UUID) -> None:
    """Give a work one's heart. Raises NotFound, Conflict (full)."""
    named = {"slug": f"saved-{secrets.token_hex(8)}", "title": "Saved"}
    saved, _is_new = Collection.objects.get_or_create(owner=person, kind=CollectionKind.SAVED, defaults=named)
    _add(_OWN.get(pk=saved.pk), artwork_id)


@transaction.atomic
def unsave_work(*, person: User, artwork_id: UUID) -> None:
    """Take it back; also from what was never saved."""
    saved = Collection.objects.filter(owner=person, kind=CollectionKind.SAVED)
    CollectionItem.objects.filter(collection__in=saved, artwork=artwork_id).delete()


def _add(collection: Collection, artwork_id: UUID) -> None:
    if collection.items.filter(artwork=artwork_id).exists():
        return
    if not Artwork.objects.visible_to(collection.owner).filter(pk=artwork_id).exists():
        raise NotFound(_("There is no such work."))
    if collection.items.count() >= MOST_WORKS:
        raise Conflict(_("It holds %(most)d works; take one out first.") % {"most": MOST_WORKS})
    first = collection.items.aggregate(first=Min("place"))["first"]
    CollectionItem.objects.create(collection=collection, artwork_id=artwork_id, place=(first or 0) - 1)


def _reorder(collection: Collection, order: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REORDER, [list(order), collection.pk])


def _locked(owner: User, collection_id: UUID) -> Collection:
    """A collection of one's own, held until the transaction ends; what one saved is changed by its heart alone."""
    collection = _OWN.filter(owner=owner, pk=collection_id, kind=CollectionKind.COLLECTION).first()
    if collection is None:
        raise NotFound(_("You have no such collection."))
    return collection


def _checked(title: str, description: str) -> dict[str, Any]:
    title, description, errors = title.strip(), description.strip(), {}
    if not 0 < len(title) <= LONGEST_TITLE:
        errors["title"] = [_("From 1 to %(most)d characters.") % {"most": LONGEST_TITLE}]
    if len(description) > LONGEST_DESCRIPTION:
        errors["description"] = [_("At most %(most)d characters.") % {"most": LONGEST_DESCRIPTION}]
    if errors:
        raise InvalidInput(errors=errors)
    return {"title": title, "description": description}


def _slug(title: str) -> str:
    # With chance in it: nobody finds a private one by its name, and two of one name have two addresses.
    return f"{slugify(title, allow_unicode=True)[:60].strip('-') or 'collection'}-{secrets.token_hex(4)}"
