"""The world that is walked: seven roles, and one thing of each kind that an address names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group

from marketplace.accounts import services as accounts
from marketplace.accounts.models import CURATORS, Artist, User
from marketplace.listings import services as listings
from tests.walk.addresses import Address

ROLES = ("anonymous", "collector", "stranger", "artist", "rival", "curator", "staff")
OUTSIDERS = ("anonymous", "stranger")
EVERYBODY = frozenset(ROLES)
HOUSE = frozenset({"curator", "staff"})


@dataclass(frozen=True)
class Thing:
    """Something that addresses name, by the names they use; the first is its own, the others are parts of it."""

    label: str
    values: dict[str, str]
    seen_by: frozenset[str]  # who may be answered with more than "no"
    only: str = ""  # a pattern of the paths that it is asked at, where it is there for some alone


@dataclass
class World:
    """Who is there, and what."""

    collector: User
    stranger: User
    artist: Artist
    rival: Artist
    curator: User
    staff: User
    things: list[Thing] = field(default_factory=list)

    def person(self, role: str) -> User | None:
        """Who plays a role; nobody plays `anonymous`."""
        if role == "anonymous":
            return None
        found = getattr(self, role)
        return found.user if isinstance(found, Artist) else found

    def add(self, label: str, seen_by: Iterable[str] = EVERYBODY, /, only: str = "", **values: object) -> None:
        """There is a thing; `values` begins with the name of its own."""
        named = {name: str(value) for name, value in values.items()}
        self.things.append(Thing(label, named, frozenset(seen_by), only))

    def things_at(self, address: Address) -> list[Thing]:
        """The things that an address may lead to; LookupError where there is none."""
        if not address.names:
            return [Thing("", {}, EVERYBODY)]
        found = [
            thing
            for thing in self.things
            if next(iter(thing.values)) == address.names[0]
            if set(address.names) <= set(thing.values) and re.search(thing.only, address.path)
        ]
        if not found:
            raise LookupError(
                f"{address.path} names {', '.join(address.names)}: make such a thing in tests/walk/making.py or"
                " trading.py, and say there who may see it."
            )
        return found

    def things_named(self, path: str) -> list[Thing]:
        """The things that a path of the OpenAPI document may lead to, such as `/jobs/{job_id}/`."""
        names = re.findall(r"{(\w+)}", path)
        return [thing for thing in self.things if names and set(names) <= set(thing.values)]

    def private_ids(self, role: str, path: str) -> dict[str, str]:
        """What a role must not find in the answer at `path`: the ids of all that is not for them, with their names."""
        known = {value for thing in self.things if role in thing.seen_by for value in thing.values.values()}
        return {
            value: f"{thing.label}'s {name}"
            for thing in self.things
            if role not in thing.seen_by
            for name, value in thing.values.items()
            if len(value) == 36 and value not in path and value not in known
        }


def people(language: str = "") -> World:
    """Everybody, with nothing yet; `language` is the one in which the house writes to them."""
    listings.offer_licences()
    collector, stranger, first, second, curator, staff = (
        User.objects.create_user(f"{name}@walk.test", display_name=name.title(), language=language)
        for name in ("collector", "stranger", "artist", "rival", "curator", "staff")
    )
    curator.groups.add(Group.objects.get(name=CURATORS))
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    return World(
        collector, stranger, accounts.become_artist(user=first, name="Vera Walk", bio=""),
        accounts.become_artist(user=second, name="Rival Walk", bio=""), curator, User.objects.get(pk=staff.pk),
    )  # fmt: skip
