"""Showing documents: without the sandbox's own members, with what the caller asked to expand, in pages."""

from typing import Any

from payments.sandbox.parameters import Raw, Shape, array, moment, read, text, whole
from payments.sandbox.problems import ParameterProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document, Transaction

# Members whose value is another object's identifier, and what kind of object that is.
_LINKS = {
    "latest_charge": "charge",
    "charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "customer": "customer",
    "balance_transaction": "balance_transaction",
}
_PAGE: Shape = {
    "limit": whole(minimum=1, maximum=100),
    "starting_after": text,
    "ending_before": text,
    "created": moment,
}


def public(document: Document) -> Document:
    """The document as the API shows it: members whose name starts with an underscore are the sandbox's own."""
    return {name: value for name, value in document.items() if not name.startswith("_")}


def take_expansions(raw: Raw) -> list[str]:
    """Remove `expand` from the parameters and return its paths."""
    if "expand" not in raw:
        return []
    return [str(path) for path in array(text)(raw.pop("expand"), "expand")]


def expand(tx: Transaction, answer: Document, paths: list[str]) -> Document:
    """Replace the identifiers at `paths` (``latest_charge.balance_transaction``, ``data.customer``) by objects."""
    for path in paths:
        _expand(tx, answer, path.split("."), path)
    return answer


def _expand(tx: Transaction, node: Document, steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if step == "data" and node.get("object") == "list":
        for entry in node["data"]:
            if rest:
                _expand(tx, entry, rest, path)
        return
    if step not in _LINKS or step not in node:
        raise ParameterProblem(f"This property cannot be expanded ({path}).", param="expand")
    value: Any = node[step]
    if isinstance(value, str):
        value = node[step] = public(tx.get(_LINKS[step], value))
    if rest and isinstance(value, dict):
        _expand(tx, value, rest, path)


def page(call: Call, kind: str, url: str, *, filters: Shape | None = None) -> Document:
    """One page of a list, newest first, with Stripe's cursors and filters."""
    filters = filters or {}
    sent = read(call.raw, {**_PAGE, **filters})
    after, before, limit = sent.get("starting_after"), sent.get("ending_before"), sent.get("limit", 10)
    if after and before:
        raise ParameterProblem("You can only use one of starting_after and ending_before.", param="ending_before")
    wanted = {
        name: value if isinstance(value, list) else [value]
        for name, value in sent.items()
        if name in filters and value is not None
    }
    found = call.tx.select(
        kind,
        filters=wanted,
        created=sent.get("created", {}),
        after=after,
        before=before,
        limit=limit + 1,
    )
    more, found = len(found) > limit, found[:limit]
    if before:
        found.reverse()
    return {"object": "list", "url": url, "has_more": more, "data": [public(document) for document in found]}
