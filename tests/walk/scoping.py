"""What a token's scopes open: every address of the API with one scope at a time; scopes.txt says what is meant.

A line an address and method: the scope that it needs; `any` where every token will do; `none` where no token does.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from django.test import Client

from marketplace.accounts import services as accounts
from marketplace.accounts.models import SCOPES, ApiToken
from tests.walk.addresses import Address, all_addresses
from tests.walk.bodies import body_for
from tests.walk.calls import Answer, ask
from tests.walk.world import Thing, World

FILE = Path(__file__).with_name("scopes.txt")
REFUSED = "permission-denied"  # the problem's code where a token lacks the scope; who may not is "permission-refused"
ANY, NONE = "any", "none"
PAGE = "text/html"  # the documentation, of which no two answers have the same token against forgery
WIDTH = max(map(len, SCOPES)) + 1


@dataclass(frozen=True)
class Call:
    """One address with one method, and the first thing of those it may lead to."""

    method: str
    address: Address
    thing: Thing

    def __str__(self) -> str:
        return f"{self.method} {self.address.labelled('')}"

    def of(self, client: Client, **headers: str) -> Answer:
        """What is answered."""
        path, body = self.address.filled(self.thing.values), body_for(self.method, self.address, self.thing)
        return ask(client, self.method, path, body, as_json=True, **headers)


def calls(world: World) -> Iterator[Call]:
    """Each address of the API with each of its methods."""
    for address in all_addresses():
        if address.is_api:
            thing = world.things_at(address)[0]
            yield from (Call(method, address, thing) for method in address.methods)


class Tokens:
    """A collector's tokens: one with each scope alone, and one with all but it."""

    def __init__(self, world: World) -> None:
        self.client = Client(raise_request_exception=False)
        self.alone = {scope: self._made(world, scope) for scope in SCOPES}
        self.without = {scope: self._made(world, *(SCOPES.keys() - {scope})) for scope in SCOPES}
        self.all = self._made(world, *SCOPES)

    def _made(self, world: World, *scopes: str) -> str:
        token, secret = accounts.create_token(user=world.collector, name="walk", scopes=["read"], expires_in=None)
        # Collectors are given no scope of artists and curators: here it is the scope that is looked at.
        ApiToken.objects.filter(pk=token.pk).update(scopes=sorted(scopes))
        return f"Bearer {secret}"

    def opens(self, bearer: str, call: Call) -> Answer | None:
        """What is answered to a token; None where its scopes are not enough."""
        answer = call.of(self.client, Authorization=bearer)
        problem = json.loads(answer.text) if answer.status == 403 else {"code": ""}
        return None if problem["code"] == REFUSED or "scope" in problem.get("detail", "") else answer

    def needed_by(self, call: Call) -> str:
        """As the table has it, found out with all tokens; `read|trade` where either does."""
        opening = [scope for scope, bearer in self.alone.items() if self.opens(bearer, call)]
        return ANY if len(opening) == len(SCOPES) else "|".join(opening) or NONE

    def sees_more(self, call: Call) -> bool:
        """Does a token that may not read find more at a public address than nobody does?"""
        seen = self.opens(self.without["read"], call) if call.method == "GET" else None
        if seen is None or seen.kind == PAGE:
            return False
        nobodys = call.of(self.client)
        return (seen.status, seen.text) != (nobodys.status, nobodys.text)

    def contradict(self, call: Call, needed: str) -> bool:
        """Do two tokens find otherwise than the table says?"""
        if needed == NONE:
            return self.opens(self.all, call) is not None
        if needed == ANY:
            scopes = list(SCOPES)
            opened = self.opens(self.alone[scopes[crc32(str(call).encode()) % len(scopes)]], call)
            return opened is None or self.sees_more(call)
        return self.opens(self.alone[needed], call) is None or self.opens(self.without[needed], call) is not None


def read() -> dict[str, str]:
    """By `METHOD address` the scope."""
    rows = (row.split(None, 1) for row in FILE.read_text().splitlines())
    return {name: scope for scope, name in rows}


def write(found: dict[str, str]) -> None:
    """Write the table."""
    FILE.write_text("".join(f"{scope.ljust(WIDTH)}{name}\n" for name, scope in found.items()))
