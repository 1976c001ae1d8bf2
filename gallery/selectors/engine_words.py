"""How an engine is called within a sentence."""

from generation.engines import registry
from generation.engines.errors import UnknownEngine
from marketplace.core.languages import translated


def engine_words(name: str) -> str:
    """flow field, in English from its name; 流场, of its translated title. One that has left is called by its name."""
    spaced = name.replace("-", " ")
    try:
        title = registry.declaration(name).title
    except UnknownEngine:
        return spaced
    said = translated(title)
    return spaced if said == title else said
