"""The page of an invoice or a credit note, from what is said on it alone."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from marketplace.core.languages import in_both, translated
from marketplace.core.moments import day_words
from marketplace.core.paper import Sheet
from payments.models import Paper
from payments.services.invoicing.saying import lines_of, money

HALF, GAP = 80, 6  # millimetres: a column of two, and between them
WIDE, NARROW = 126, 40  # what was sold, and its amount


def _label(text: str) -> str:
    """Sold by; 售出方 Sold by."""
    return " ".join(in_both(lambda: gettext(text)))


def _sentences(sheet: Sheet, say: Callable[[], str], size: float = 9) -> None:
    for told in in_both(say):
        sheet.muted_line(told, size)


def draw(paper: Paper) -> bytes:
    """The PDF, in the language that is spoken; where that is not English, in English besides."""
    said = paper.said
    house = said["house"]
    foot = " · ".join(part for part in (house["name"], *house["lines"], house["tax_id"], house["url"]) if part)
    title = f"{_kind(paper)} {paper.name}"
    sheet = Sheet(title=title, author=house["name"], text=lines_of(said), moment=paper.issued_at, foot=foot)
    _head(sheet, paper, said)
    _parties(sheet, said)
    _what(sheet, said)
    _how_paid(sheet, paper, said)
    return sheet.done()


def _kind(paper: Paper) -> str:
    return " ".join(in_both(lambda: str(Paper.Kind(paper.kind).label)))


def _head(sheet: Sheet, paper: Paper, said: dict[str, Any]) -> None:
    sheet.write_line(said["house"]["name"], 22, height=11)
    sheet.rule(2, 14)
    sheet.kicker(_kind(paper))
    sheet.write_line(paper.name, 20, height=10)
    sheet.ln(1)
    _sentences(sheet, lambda: _dated(paper, said), 10)
    sheet.ln(9)


def _dated(paper: Paper, said: dict[str, Any]) -> str:
    issued = day_words(paper.issued_at)
    if paper.kind == Paper.Kind.INVOICE:
        told = gettext("Issued %(issued)s, paid %(paid)s. This is your receipt too.")
        return told % {"issued": issued, "paid": day_words(date.fromisoformat(said["paid_at"]))}
    told = gettext("Issued %(issued)s, for invoice %(invoice)s of %(day)s.")
    of_day = day_words(date.fromisoformat(said["corrects_date"]))
    return told % {"issued": issued, "invoice": said["corrects"], "day": of_day}


def _parties(sheet: Sheet, said: dict[str, Any]) -> None:
    house, buyer = said["house"], said["buyer"]
    seller = [
        house["name"],
        *house["lines"],
        *([f"{_label(_('Tax id'))} {house['tax_id']}"] if house["tax_id"] else []),
    ]
    if said["seller"]:
        seller += in_both(lambda: gettext("on behalf of %(seller)s") % {"seller": translated(said["seller"])})
    vat_id = [f"{_label(_('VAT id'))} {buyer['vat_id']}"] if buyer["vat_id"] else []
    to = [buyer["name"], *buyer["lines"], *vat_id, buyer["email"]]
    top = sheet.get_y()
    ends = (
        sheet.block(_label(_("Sold by")), seller, x=sheet.l_margin, y=top, width=HALF),
        sheet.block(_label(_("To")), to, x=sheet.l_margin + HALF + GAP, y=top, width=HALF),
    )
    sheet.set_xy(sheet.l_margin, max(ends))
    sheet.ln(10)


def _what(sheet: Sheet, said: dict[str, Any]) -> None:
    is_credit = "corrects" in said
    headings = (_label(_("Credited") if is_credit else _("What")), _label(_("Amount")))
    sheet.row(headings, [WIDE, NARROW], ["L", "R"], size=8, soft=True)
    sheet.rule(0, 3)
    top = sheet.get_y()
    lines = [translated(said["title"]), *(in_both(lambda: translated(said["detail"])) if said["detail"] else [])]
    end = sheet.block("", lines, x=sheet.l_margin, y=top - 5, width=WIDE - GAP)
    sheet.set_xy(sheet.l_margin + WIDE, top)
    sheet.row([str(money(said, "net"))], [NARROW], ["R"], size=10.5)
    sheet.set_y(max(end, sheet.get_y()))
    if is_credit and said["reason"]:
        sheet.ln(1)
        _sentences(sheet, lambda: translated(said["reason"]))
    sheet.rule(3, 2)
    if said["tax_label"]:
        sheet.row([_label(_("Without tax")), str(money(said, "net"))], [WIDE, NARROW], ["R", "R"], soft=True)
        tax = " ".join(in_both(lambda: translated(said["tax_label"])))
        sheet.row([tax, str(money(said, "tax"))], [WIDE, NARROW], ["R", "R"], soft=True)
    sheet.ln(1)
    total = _label(_("Goes back to you") if is_credit else _("Paid"))
    sheet.row([total, str(money(said, "total"))], [WIDE, NARROW], ["R", "R"], bold=True, size=14, height=9)


def _how_paid(sheet: Sheet, paper: Paper, said: dict[str, Any]) -> None:
    sheet.ln(8)
    _sentences(sheet, lambda: _paid_with(paper, said))
    sheet.muted_line(f"{_label(_('Reference'))} {said['reference']}")


def _paid_with(paper: Paper, said: dict[str, Any]) -> str:
    way = said["paid_with"] or gettext("the payment provider")
    if paper.kind == Paper.Kind.INVOICE:
        told = gettext("Paid with %(way)s on %(day)s. Nothing is left to be paid.")
        return told % {"way": way, "day": day_words(date.fromisoformat(said["paid_at"]))}
    return gettext("It goes back the way it came: %(way)s.") % {"way": way}
