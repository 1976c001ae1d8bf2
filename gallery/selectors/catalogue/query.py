"""What somebody looks for: checked once, written in one way, so that two who ask the same share an answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.selectors.catalogue import facets
from gallery.selectors.catalogue.ranges import Range
from gallery.selectors.catalogue.vocabularies import problems_of
from marketplace.core.errors import InvalidInput

LONGEST_TEXT = 200
MOST_CHOSEN = 20
PAGE, LARGEST_PAGE = 24, 100
_SIZE = re.compile(r"[1-9][0-9]{0,2}")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Sort(StrEnum):
    NEW = "new"
    PRICE = "price"
    DEAREST = "-price"
    TRENDING = "trending"
    ENDING = "ending"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Query:
    """Text, what it is narrowed to, the order, where to go on, and how many at a time."""

    text: str = ""
    chosen: frozenset[str] = field(default_factory=frozenset)  # facets, such as engine:flow-field
    sort: Sort = Sort.NEW
    cursor: str = ""
    size: int = PAGE
    priced: Range | None = None

    @classmethod
    def parse(cls, given: QueryDict) -> Self:
        """What a request's query says; parameters that mean nothing here are passed over.

        Raises InvalidInput, whose `errors` name the parameters.
        """
        errors: dict[str, list[str]] = {}
        text = " ".join(_UNREADABLE.sub(" ", given.get("q", "")).split())
        if len(text) > LONGEST_TEXT:
            errors["q"] = [_("At most %(most)d characters.") % {"most": LONGEST_TEXT}]
        chosen = _chosen(given, errors)
        sort, size = _sort(given, text, errors), _size(given, errors)
        priced = Range.parse({name: value for name, value in given.items() if isinstance(value, str)}, errors)
        if errors:
            raise InvalidInput(_("Nothing can be looked for like this."), errors=errors)
        return cls(text, chosen, sort, given.get("cursor", ""), size, priced)

    @property
    def groups(self) -> dict[str, list[str]]:
        """The chosen facets by their group, in the order of `facets.GROUPS`."""
        return {
            group: sorted(name for name in self.chosen if facets.group_of(name) == group)
            for group in facets.GROUPS
            if any(facets.group_of(name) == group for name in self.chosen)
        }

    @property
    def values(self) -> dict[str, list[str]]:
        """The chosen values by their group, as a form keeps them."""
        return {group: [facets.value_of(name) for name in names] for group, names in self.groups.items()}

    @property
    def is_plain(self) -> bool:
        """Whether it is the whole catalogue."""
        return not self.text and not self.chosen and self.priced is None

    @property
    def telling(self) -> frozenset[str]:
        """Facets whose counts bound how many cards there may be: the chosen ones, and a range's."""
        return self.chosen | frozenset(self.priced.names if self.priced else ())

    def without(self, group: str) -> Self:
        """The same, not narrowed by one group."""
        return replace(self, chosen=frozenset(name for name in self.chosen if facets.group_of(name) != group))

    def toggled(self, name: str) -> Self:
        """The same from its beginning, with one facet more, or less if it was chosen."""
        return replace(self, chosen=self.chosen ^ {name}, cursor="")

    def without_range(self) -> Self:
        """The same from its beginning, at any price."""
        return replace(self, priced=None, cursor="")

    def without_text(self) -> Self:
        """The same from its beginning, by its facets alone."""
        return replace(self, text="", cursor="", sort=Sort.NEW if self.sort == Sort.RELEVANCE else self.sort)

    def at(self, cursor: str) -> str:
        """The query of the page at a cursor, or nothing where there is none."""
        return replace(self, cursor=cursor).encoded() if cursor else ""

    def parameters(self) -> list[tuple[str, str]]:
        """As a request's parameters, always in the same order and without what goes without saying."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(group, facets.value_of(name)) for group, names in self.groups.items() for name in names]
        pairs += list(self.priced.parameters.items()) if self.priced else []
        usual = Sort.RELEVANCE if self.text else Sort.NEW
        pairs += [("sort", str(self.sort))] if self.sort != usual else []
        pairs += [("cursor", self.cursor)] if self.cursor else []
        return pairs + ([("page_size", str(self.size))] if self.size != PAGE else [])

    def encoded(self) -> str:
        """As the query of an address, with its question mark; empty for the whole catalogue."""
        pairs = self.parameters()
        return f"?{urlencode(pairs)}" if pairs else ""


def names_of(values: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Facets from values by group."""
    return frozenset(facets.facet(group, value) for group, found in values.items() for value in found)


def _chosen(given: QueryDict, errors: dict[str, list[str]]) -> frozenset[str]:
    values = {group: [value for value in given.getlist(group) if value] for group in facets.GROUPS}
    errors |= {group: problems for group, found in values.items() if (problems := problems_of(group, found))}
    chosen = names_of(values)
    if len(chosen) > MOST_CHOSEN:
        errors["facets"] = [_("At most %(most)d at a time.") % {"most": MOST_CHOSEN}]
    return chosen


def _sort(given: QueryDict, text: str, errors: dict[str, list[str]]) -> Sort:
    asked = given.get("sort") or (Sort.RELEVANCE if text else Sort.NEW)
    if asked not in set(Sort):
        errors["sort"] = [_("One of: %(known)s.") % {"known": ", ".join(Sort)}]
        return Sort.NEW
    # Where nothing is written nothing is more relevant than anything else.
    return Sort.NEW if asked == Sort.RELEVANCE and not text else Sort(asked)


def _size(given: QueryDict, errors: dict[str, list[str]]) -> int:
    asked = given.get("page_size") or str(PAGE)
    if not (_SIZE.fullmatch(asked) and int(asked) <= LARGEST_PAGE):
        errors["page_size"] = [_("A number from 1 to %(most)d.") % {"most": LARGEST_PAGE}]
        return PAGE
    return int(asked)
