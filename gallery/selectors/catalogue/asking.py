"""What somebody writes, as a question to PostgreSQL's full-text search.

As in a web search: words must all be there, `"two words"` stand together, `-word` must not be there, `or` lets either
do. Each word is asked for as written and by its stem in four languages; the last one may be unfinished, unless it is a
word that many cards have: to gather all that begins as a common word does takes longer than all the rest of a search.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import connection

from gallery.selectors.catalogue.lexicon import folded, is_cjk, words

_PIECE = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
_STEMMERS = ("english_stem", "german_stem", "french_stem", "spanish_stem")
SHORTEST_UNFINISHED = 3
FINISHED = 24  # cards, a page of them: a word that so many have is taken as it stands
MOST_PIECES = 12
_STEMS = ", ".join(f"coalesce(array_to_string(ts_lexize('{one}', word), ''), word)" for one in _STEMMERS)
# Counted are the cards with this very word, and those with words that begin as its stem: what it may find, and more.
_LOOK_UP = f"""
    SELECT word, stems,
        coalesce((SELECT count FROM gallery_facetcount WHERE beside = '' AND facet = 'word:' || word), 0),
        (SELECT coalesce(sum(count), 0) FROM gallery_facetcount WHERE beside = ''
            AND facet >= 'word:' || beginning AND facet < 'word:' || beginning || chr(1114111))
    FROM (SELECT word, ARRAY[{_STEMS}] AS stems FROM unnest(%s::text[]) AS word) AS stemmed,
        LATERAL (SELECT left(word, coalesce(nullif(length(stems[1]), 0), length(word))) AS beginning) AS begun
"""  # noqa: S608  # names of our own


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was written: a word, or words that stand together."""

    words: tuple[str, ...]
    is_out: bool = False  # must not be there
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as a tsquery, and how many cards each of its clauses may find; no tsquery where nothing was asked."""

    tsquery: str
    cards: tuple[int, ...]
    unknown: tuple[str, ...]  # words that no card has: perhaps mistyped


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a word: its stems, whether it is too common to be asked for, how many cards have it or more."""

    stems: tuple[str, ...]
    is_common: bool
    is_finished: bool
    cards: int


def ask(text: str) -> Asked:
    """Read what was written and look its words up."""
    clauses, out = read(text)
    known = _look_up(tuple(sorted({word for piece in [*out, *chain(*clauses)] for word in piece.words})))
    telling = [clause for clause in clauses if not all(_is_common(piece, known) for piece in clause)] or clauses
    wanted = [" | ".join(_tsquery(piece, known) for piece in clause) for clause in telling]
    unwanted = [f"!({_tsquery(piece, known)})" for piece in out]
    if not wanted:
        return Asked("", (), ())  # all but something is not asked of a search
    cards = tuple(sum(_cards(piece, known) for piece in clause) for clause in telling)
    pieces = [piece for clause in telling for piece in clause]
    unknown = [word for piece in pieces for word in piece.words if not known[word].cards and not is_cjk(word)]
    return Asked(" & ".join([*(f"({one})" for one in wanted), *unwanted]), cards, tuple(dict.fromkeys(unknown)))


def read(text: str) -> tuple[list[list[Piece]], list[Piece]]:
    """The clauses that must all hold, each of alternatives, and what must not be there."""
    clauses: list[list[Piece]] = []
    out: list[Piece] = []
    joins = False
    for found in list(_PIECE.finditer(text))[:MOST_PIECES]:
        quoted, minus = found.group(2), found.group(1) or found.group(3)
        raw = quoted if quoted is not None else found.group(4)
        if quoted is None and raw.lower() in {"or", "oder", "ou"} and clauses:
            joins = True
            continue
        ends = quoted is None and found.end() == len(text)
        pieces = _pieces(raw, bool(minus), quoted is not None, ends)
        if minus:
            out += pieces
        elif joins and pieces:
            clauses[-1] += pieces[:1]
            clauses += [[piece] for piece in pieces[1:]]
        else:
            clauses += [[piece] for piece in pieces]
        joins = False
    return clauses, out


def _pieces(raw: str, is_out: bool, is_quoted: bool, ends: bool) -> list[Piece]:
    """One of what stands together, or one for each of its words and for each run of characters without spaces."""
    found = list(words(raw))
    if not found:
        return []
    if is_quoted or is_out:
        return [Piece(tuple(_without_tails(found)), is_out)]
    pieces: list[Piece] = []
    run: list[str] = []
    for word in [*found, ""]:
        if word and is_cjk(word):
            run.append(word)
            continue
        if run:
            pieces.append(Piece(tuple(_without_tails(run)), is_unfinished=len(run) == 1))
            run = []
        if word:
            pieces.append(Piece((word,)))
    if ends and not is_cjk(pieces[-1].words[-1]) and len(pieces[-1].words[0]) >= SHORTEST_UNFINISHED:
        pieces[-1] = Piece(pieces[-1].words, is_unfinished=True)
    return pieces


def _without_tails(found: Sequence[str]) -> list[str]:
    """Pairs, without the single character that a run of them ends with."""
    return [
        word for at, word in enumerate(found)
        if not (is_cjk(word) and len(word) == 1 and at and is_cjk(found[at - 1]) and len(found[at - 1]) == 2)
    ]  # fmt: skip


def _tsquery(piece: Piece, known: dict[str, _Known]) -> str:
    if len(piece.words) > 1:
        return " <-> ".join(_quoted(word) for word in piece.words)
    [word] = piece.words
    ways = [_quoted(way) for way in dict.fromkeys([word, folded(word), *known[word].stems]) if way]
    goes_on = piece.is_unfinished and not known[word].is_finished
    return " | ".join([*ways, _quoted(word) + ":*"] if goes_on else ways)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _cards(piece: Piece, known: dict[str, _Known]) -> int:
    return min(known[word].cards for word in piece.words)


def _is_common(piece: Piece, known: dict[str, _Known]) -> bool:
    return len(piece.words) == 1 and known[piece.words[0]].is_common


def _look_up(asked: tuple[str, ...]) -> dict[str, _Known]:
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [list(asked)])
        return {
            word: _Known(tuple(stem for stem in stems if stem), "" in stems, own >= FINISHED, int(cards))
            for word, stems, own, cards in cursor.fetchall()
        }
