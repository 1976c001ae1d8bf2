"""A payee's statement on paper: every movement of their account with the house, with the balance after it.

It is drawn when it is asked for, and has no number: it is no invoice, but what an artist's own books are made from.
"""

from datetime import date
from itertools import groupby

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.countries import country_name
from marketplace.core.moments import day_words
from marketplace.core.paper import Sheet
from marketplace.core.paper.sheet import Align
from payments.selectors import StatementLine, billing_of, statement

WHAT = {
    "capture": _("earned"),
    "refund": _("refunded to the buyer"),
    "refund_failed": _("refund failed: yours again"),
    "dispute_lost": _("lost in a dispute"),
    "transfer": _("sent to your account"),
    "reversal": _("taken back from your account"),
    "renamed": _("carried over"),
}
"""The ledger's kinds of entries, in a payee's words."""
WIDTHS = (24, 48, 42, 26, 26)  # millimetres
ALIGNS: tuple[Align, ...] = ("L", "L", "L", "R", "R")
BOTTOM = 34  # millimetres: a row that would come so near the foot goes to the next page
SHORT = 20  # characters of a reference


def draw_statement(*, payee: User, since: date, until: date) -> bytes:
    """The PDF of a period, both days inclusive, UTC."""
    lines, house, billing = list(statement(payee, since=since, until=until)), settings.ATELIER, billing_of(payee)
    to = [billing.name or payee.name, payee.email, country_name(payee.tax_country)]
    sheet = Sheet(
        title=f"{gettext('Statement')} {since}/{until}", author=house.house_name, text=" ".join(to),
        moment=timezone.now(), foot=f"{house.house_name} · {house.public_url}",
    )  # fmt: skip
    sheet.write_line(house.house_name, 22, height=11)
    sheet.rule(2, 14)
    sheet.kicker(gettext("Statement"))
    sheet.write_line(
        gettext("%(since)s to %(until)s") % {"since": day_words(since), "until": day_words(until)}, 20, height=10
    )
    sheet.ln(6)
    sheet.set_y(
        sheet.block(gettext("For"), [part for part in to if part], x=sheet.l_margin, y=sheet.get_y(), width=100)
    )
    for currency, moved in groupby(lines, key=lambda line: line.amount.currency):
        _of_currency(sheet, currency, list(moved))
    if not lines:
        sheet.ln(10)
        sheet.muted_line(gettext("Nothing moved in this time."), 10)
    return sheet.done()


def _of_currency(sheet: Sheet, currency: str, lines: list[StatementLine]) -> None:
    sheet.ln(10)
    _header(sheet, currency)
    for line in lines:
        if sheet.get_y() > sheet.h - BOTTOM:
            sheet.add_page()
            _header(sheet, currency)
        what, reference = str(WHAT.get(line.kind, line.kind)), line.reference
        shown = reference if len(reference) <= SHORT else f"{reference[:SHORT]}…"
        cells = (f"{line.at:%Y-%m-%d}", what, shown, str(line.amount), str(line.balance))
        sheet.row(cells, WIDTHS, ALIGNS, size=9.5)
    sheet.rule(2, 2)
    last = lines[-1].balance
    told = gettext("The house owes you") if last.amount >= 0 else gettext("You owe the house")
    sheet.row([told, str(last)], [140, 26], ["R", "R"], bold=True, size=11)


def _header(sheet: Sheet, currency: str) -> None:
    headings = (gettext("Day"), gettext("What"), gettext("For"), currency.upper(), gettext("Balance"))
    sheet.row(headings, WIDTHS, ALIGNS, size=8, soft=True)
    sheet.rule(0, 1.5)
