"""Reversals of tax transactions: the whole sale, some of its lines, or an amount spread over them."""

from typing import Any

from payments.sandbox.identifiers import new_id
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document
from payments.sandbox.tax.transactions import new_transaction, shown

Share = tuple[int, int]
"""An amount and the tax that goes with it, both negative."""


def create(call: Call) -> Document:
    """``POST /v1/tax/transactions/create_reversal``; together, reversals never exceed the sale."""
    sent = call.take("flat_amount", "line_items", "metadata", "mode", "original_transaction", "reference")
    original = call.tx.get("tax.transaction", sent["original_transaction"], param="original_transaction")
    if original["type"] == "reversal":
        raise InvalidRequest("A reversal cannot be reversed.", param="original_transaction")
    shares = _shares(original, sent)
    reversed_so_far = original.setdefault("_reversed", {})
    lines = []
    for line in original["_lines"]:
        share = shares.get(line["id"])
        if share is None:
            continue
        before = reversed_so_far.get(line["id"], [0, 0])
        after = [before[0] + share[0], before[1] + share[1]]
        if -after[0] > line["amount"] or -after[1] > line["amount_tax"]:
            raise InvalidRequest(
                f"The line item {line['id']} has less left to reverse than was asked for.", param="line_items"
            )
        reversed_so_far[line["id"]] = after
        lines.append(_line(line, share))
    reversal = new_transaction(call, original, sent, kind="reversal")
    reversal |= {"_lines": lines, "reversal": {"original_transaction": original["id"]}}
    if sent["mode"] == "full" and original["shipping_cost"]:
        cost = original["shipping_cost"]
        reversal["shipping_cost"] = cost | {"amount": -cost["amount"], "amount_tax": -cost["amount_tax"]}
    call.tx.save(original)
    call.tx.add(reversal)
    return shown(reversal)


def _shares(original: Document, sent: dict[str, Any]) -> dict[str, Share]:
    if sent["mode"] == "full":
        if "line_items" in sent or "flat_amount" in sent:
            raise ParameterProblem("A full reversal takes neither line_items nor flat_amount.", param="mode")
        if original.get("_reversed"):
            raise InvalidRequest("This transaction has been reversed in part; reverse the rest so.", param="mode")
        return {line["id"]: (-line["amount"], -line["amount_tax"]) for line in original["_lines"]}
    if ("line_items" in sent) == ("flat_amount" in sent):
        raise ParameterProblem("A partial reversal takes either line_items or flat_amount.", param="mode")
    if "flat_amount" in sent:
        return _spread(original, sent["flat_amount"])
    known = {line["id"] for line in original["_lines"]}
    shares: dict[str, Share] = {}
    for number, entry in enumerate(sent["line_items"]):
        param = f"line_items[{number}]"
        if entry["original_line_item"] not in known:
            raise InvalidRequest(f"No such line item: '{entry['original_line_item']}'", param=param)
        if entry["amount"] > 0 or entry["amount_tax"] > 0:
            raise ParameterProblem("The amounts of a reversal are negative.", param=f"{param}[amount]")
        shares[entry["original_line_item"]] = (entry["amount"], entry["amount_tax"])
    return shares


def _spread(original: Document, flat: int) -> dict[str, Share]:
    """A total with its tax, over the lines in proportion; the last line takes what rounding leaves."""
    lines = original["_lines"]
    gross = [_gross(line) for line in lines]
    if flat >= 0 or -flat > sum(gross):
        raise ParameterProblem("flat_amount must be negative, and no more than the sale.", param="flat_amount")
    shares: dict[str, Share] = {}
    left, total = -flat, sum(gross)
    for line, whole in zip(lines, gross, strict=True):
        part = left * whole // total if total else 0
        tax = line["amount_tax"] * part // whole if whole else 0
        amount = part if line["tax_behavior"] == "inclusive" else part - tax
        shares[line["id"]] = (-amount, -tax)
        left, total = left - part, total - whole
    return shares


def _gross(line: Document) -> int:
    return int(line["amount"] + (line["amount_tax"] if line["tax_behavior"] == "exclusive" else 0))


def _line(line: Document, share: Share) -> Document:
    return line | {
        "id": new_id("tax_li", 14),
        "amount": share[0],
        "amount_tax": share[1],
        "reversal": {"original_line_item": line["id"]},
        "type": "reversal",
    }
