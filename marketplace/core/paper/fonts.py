"""The type of documents: Source Serif Pro, and Noto Sans CJK where somebody's name needs it; both under the OFL.

The CJK font is large, so it is read only where a text has characters that Source Serif has not. It draws Japanese forms
unless told otherwise: on Chinese paper each character has the form that is written on the mainland (the font's `locl`
feature). A character that neither font has (such as an emoji) is drawn as a middle dot: never as an empty box.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import TTFFont

SERIF, CJK = "serif", "cjk"
MISSING = "·"
_CUTS = {"": "Regular", "B": "Semibold", "I": "It"}


def load_fonts(sheet: FPDF, text: str, language: str) -> None:
    """Have a document know the fonts that `text` needs, and that its labels need in `language`."""
    is_chinese = language.startswith("zh")
    for style, cut in _CUTS.items():
        sheet.add_font(SERIF, style, _serif_file(cut))
    if is_chinese or any(ord(letter) not in _serif() for letter in text):
        sheet.add_font(CJK, "", _cjk_file())
        sheet.set_fallback_fonts([CJK], exact_match=False)
    if is_chinese:
        font = sheet.fonts[CJK]
        assert isinstance(font, TTFFont)
        for letter, (name, glyph) in _chinese_forms().items():
            font.cmap[letter], font.glyph_ids[letter] = name, glyph


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


@cache
def _chinese_forms() -> Mapping[int, tuple[str, int]]:
    """Characters that are written otherwise in Chinese than in Japanese: name and number of their glyph."""
    with TTFont(_cjk_file(), lazy=True) as font:
        table, forms = font["GSUB"].table, dict[str, str]()
        han = next(one.Script for one in table.ScriptList.ScriptRecord if one.ScriptTag == "hani")
        system = next(one.LangSys for one in han.LangSysRecord if one.LangSysTag == "ZHS ")
        features = [table.FeatureList.FeatureRecord[number] for number in system.FeatureIndex]
        for feature in (one.Feature for one in features if one.FeatureTag == "locl"):
            for number in feature.LookupListIndex:
                for part in table.LookupList.Lookup[number].SubTable:
                    forms |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
        letters = font.getBestCmap()
        return {
            letter: (forms[name], font.getGlyphID(forms[name])) for letter, name in letters.items() if name in forms
        }


def _serif_file(cut: str) -> Path:
    return _folder("font_source_serif_pro") / "files" / f"SourceSerifPro-{cut}.ttf"


def _cjk_file() -> Path:
    return _folder("noto_cjk_sans_jp_regular") / "NotoSansCJKjp-Regular.otf"


def _letters(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _folder(package: str) -> Path:
    return Path(str(files(package)))
