"""The type of documents: Source Serif Pro, and Noto Sans CJK where somebody's name needs it; both under the OFL.

The CJK font is large, so it is read only where a text has characters that Source Serif has not. A character that
neither has (such as an emoji) is drawn as a middle dot: never as an empty box.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF

SERIF, CJK = "serif", "cjk"
MISSING = "·"
_CUTS = {"": "Regular", "B": "Semibold", "I": "It"}


def load_fonts(sheet: FPDF, text: str) -> None:
    """Have a document know the fonts that `text` needs."""
    for style, cut in _CUTS.items():
        sheet.add_font(SERIF, style, _serif_file(cut))
    if any(ord(letter) not in _serif() for letter in text):
        sheet.add_font(CJK, "", _cjk_file())
        sheet.set_fallback_fonts([CJK], exact_match=False)


def font_file(text: str) -> Path:
    """The font that has all of a short text, or most of it: for what is drawn without a document."""
    return _serif_file("Semibold") if all(ord(letter) in _serif() for letter in text) else _cjk_file()


def drawable(text: str) -> str:
    """The text with a mark for what no font of ours has; line breaks and tabs are spaces."""
    text = " ".join(text.split())
    if all(ord(letter) in _serif() for letter in text):
        return text
    known = _serif() | _cjk()
    return "".join(letter if ord(letter) in known else MISSING for letter in text)


@cache
def _serif() -> frozenset[int]:
    """What all of its cuts have."""
    return frozenset.intersection(*(_letters(_serif_file(cut)) for cut in _CUTS.values()))


@cache
def _cjk() -> frozenset[int]:
    return _letters(_cjk_file())


def _serif_file(cut: str) -> Path:
    return _folder("font_source_serif_pro") / "files" / f"SourceSerifPro-{cut}.ttf"


def _cjk_file() -> Path:
    return _folder("noto_cjk_sans_jp_regular") / "NotoSansCJKjp-Regular.otf"


def _letters(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _folder(package: str) -> Path:
    return Path(str(files(package)))
