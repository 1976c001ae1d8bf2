"""The walk: each address asked with each method as each role, in a savepoint that is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.db import transaction
from django.test import Client

from tests.walk.addresses import Address, all_addresses
from tests.walk.bodies import body_for
from tests.walk.world import OUTSIDERS, ROLES, Thing, World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SIGN_IN = "/accounts/login/"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    kind: str  # content type, without its parameters
    location: str
    text: str

    @property
    def is_sign_in(self) -> bool:
        """Is the person sent to sign in?"""
        return self.status == 302 and self.location.startswith(SIGN_IN)

    @property
    def is_yes(self) -> bool:
        """Was more than "no" said?"""
        return self.status < 400 and not self.is_sign_in

    def __str__(self) -> str:
        return "login" if self.is_sign_in else str(self.status)


@dataclass(frozen=True)
class Line:
    """One address with one method, and what each role was answered."""

    method: str
    address: Address
    thing: Thing
    answers: dict[str, Answer]

    @property
    def path(self) -> str:
        """The path that was asked."""
        return self.address.filled(self.thing.values)

    def __str__(self) -> str:
        return f"{self.method} {self.address.labelled(self.thing.label)}"


def walk(world: World, *, everybody: bool) -> Iterator[Line]:
    """Ask everything as everybody, or as anonymous, the stranger, and of the others one by turns.

    Raises LookupError where an address names what the world has not.
    """
    clients = {role: client_of(world, role) for role in ROLES}
    for address in all_addresses():
        for thing in world.things_at(address):
            for method in address.methods:
                line = Line(method, address, thing, {})
                body = body_for(method, address, thing)
                for role in ROLES if everybody else some_roles(str(line)):
                    line.answers[role] = ask(clients[role], method, line.path, body, as_json=address.is_api)
                yield line


def some_roles(line: str) -> tuple[str, ...]:
    """The two who never have a part in anything, and one of the others: the same for the same line."""
    others = [role for role in ROLES if role not in OUTSIDERS]
    return *OUTSIDERS, others[crc32(line.encode()) % len(others)]


def client_of(world: World, role: str) -> Client:
    """A browser in which whoever plays the role is signed in."""
    client = Client(raise_request_exception=False)
    if person := world.person(role):
        client.force_login(person, backend=BACKEND)
    return client


def ask(client: Client, method: str, path: str, body: dict[str, Any], *, as_json: bool, **headers: str) -> Answer:
    """One call; whatever it did is undone."""
    sent: dict[str, Any] = {}
    if method != "GET":
        sent = {"data": body, "content_type": "application/json"} if as_json else {"data": body}
    atom = transaction.atomic()
    atom._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may begin inside, as in Django's own
    with atom:
        response = getattr(client, method.lower())(path, headers=headers or None, **sent)
        transaction.set_rollback(True)
        content = b"" if response.streaming else response.content
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    text = content.decode(errors="replace") if is_text else ""
    return Answer(response.status_code, kind, response.headers.get("Location", ""), text)
