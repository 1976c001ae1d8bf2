"""Reading the catalogue: how it is narrowed, found, ordered and counted.

`searching` is the door; `query` says what is looked for, `asking` reads text, `plans` how cards are read at any size,
`counts` what each facet has, `ranges` between which prices, `spelling` what was meant; `facets` and `lexicon` are
shared with what writes cards.
"""

from gallery.selectors.catalogue.counts import Counted, counted
from gallery.selectors.catalogue.page import Found, Page
from gallery.selectors.catalogue.query import Query, Sort
from gallery.selectors.catalogue.searching import search

__all__ = ["Counted", "Found", "Page", "Query", "Sort", "counted", "search"]
