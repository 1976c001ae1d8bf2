"""A document's page: the house's margins, colours and sizes, and the parts that documents are put together from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import get_language, gettext
from fpdf import FPDF

from marketplace.core.languages import to_bcp47
from marketplace.core.paper.fonts import SERIF, drawable, load_fonts

INK, SOFT, LINE, ACCENT = (27, 26, 23), (106, 101, 92), (228, 222, 211), (169, 65, 31)  # as in base.css, in daylight
MARGIN, FOOT = 22, 26  # millimetres
Align = Literal["L", "C", "R"]


class Sheet(FPDF):
    """An A4 document; PDF/A-3, so that it can be kept for as long as the law wants, with files attached.

    `text` is everything that will be written on it, so that the fonts are known before; `foot` is below every page.
    `moment` is the document's date; its language is the one that is spoken while it is drawn.
    """

    def __init__(self, *, title: str, author: str, text: str, moment: datetime, foot: str) -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-3B")
        language = get_language() or settings.LANGUAGE_CODE
        load_fonts(self, text + title + author + foot, language)
        self.foot = drawable(foot)
        self.set_title(title)
        self.set_author(author)
        self.set_creator("Atelier")
        self.set_lang(to_bcp47(language))
        self.set_creation_date(moment)
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0  # text begins where rules do
        self.set_auto_page_break(True, FOOT)
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.add_page()

    def footer(self) -> None:
        """The house's line, and the page's number from the second on."""
        self.set_y(-18)
        self.type(8, colour=SOFT)
        number = f" · {gettext('page %(number)s') % {'number': self.page_no()}}" if self.page_no() > 1 else ""
        self.cell(0, 4, f"{self.foot}{number}", align="C")

    def type(self, size: float, *, bold: bool = False, italic: bool = False, colour: tuple[int, ...] = INK) -> None:
        """How what follows is written, in points."""
        self.set_font(SERIF, "B" if bold else "I" if italic else "", size)
        self.set_text_color(*colour)

    def _render_styled_text_line(self, *args: Any, **named: Any) -> bool:
        # fpdf2 2.8 does not notice that a line ended in the font for other scripts: the next one would be written with
        # that font's glyphs. So each line says anew in which font it begins.
        self.current_font_is_set_on_page = False
        return super()._render_styled_text_line(*args, **named)

    def write_line(
        self, text: str, size: float = 10.5, *, height: float | None = None, bold: bool = False, italic: bool = False
    ) -> None:
        """A paragraph across the page."""
        self.type(size, bold=bold, italic=italic)
        self.multi_cell(0, height or size * 0.5, drawable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def paragraph(self, text: str, size: float, *, width: float, height: float) -> None:
        """A paragraph from here on, so wide; then to the left margin."""
        self.type(size)
        self.multi_cell(width, height, drawable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def muted_line(self, text: str, size: float = 9) -> None:
        """A paragraph that is less important."""
        self.type(size, colour=SOFT)
        self.multi_cell(0, size * 0.52, drawable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def kicker(self, text: str) -> None:
        """A small line above a heading, in the accent's colour and wide letters."""
        self.type(8.5, bold=True, colour=ACCENT)
        self.set_char_spacing(1.2 if text.isascii() else 0)  # wide letters are for capitals
        self.cell(0, 5, drawable(text.upper()), new_x="LMARGIN", new_y="NEXT")
        self.set_char_spacing(0)

    def rule(self, above: float = 3, below: float = 3) -> None:
        """A thin line from margin to margin."""
        self.ln(above)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(below)

    def block(self, label: str, lines: Sequence[str], *, x: float, y: float, width: float) -> float:
        """A small column under a label, from (x, y) on; where it ends."""
        self.set_xy(x, y)
        self.type(8, colour=SOFT)
        self.cell(width, 5, drawable(label), new_x="LEFT", new_y="NEXT")
        for number, line in enumerate(lines):
            self.type(10.5, bold=number == 0)
            self.set_x(x)
            self.multi_cell(width, 5.2, drawable(line), align="L", new_x="LEFT", new_y="NEXT")
        return self.get_y()

    def row(
        self, cells: Sequence[str], widths: Sequence[float], aligns: Sequence[Align], *, bold: bool = False,
        size: float = 10, soft: bool = False, height: float = 6,
    ) -> None:  # fmt: skip
        """One line of a table."""
        self.type(size, bold=bold, colour=SOFT if soft else INK)
        for text, width, align in zip(cells, widths, aligns, strict=True):
            self.cell(width, height, drawable(text), align=align)
        self.ln(height)

    def done(self) -> bytes:
        """The file."""
        return bytes(self.output())
