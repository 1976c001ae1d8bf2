"""Finding English on a page that is meant to be Chinese."""

import re

from gallery.pages.wording import EXAMPLES

# Names, titles of works, what people wrote, and what one types into a machine that reads English.
ALLOWED = {
    *EXAMPLES, "Vera Ink", "Vera Walk", "Rival Walk", "Vera Molnár", "Ink River", "Only Mine", "Tabler Icons",
    "the OpenMoji contributors", "OpenMoji contributors", "Paweł Kuna", "Authorization Bearer", "Google Authenticator",
    "Public Collection", "Private Collection", "A harbour at dusk", "A harbour at dawn", "Plotter drawings",
    "harbour.jpg", "By Shared", "Toy training", "Nothing came", "queue last", "Toy film", "Toy model", "A friend",
    "flow-field", "strange-attractor", "reaction-diffusion", "CC BY-SA", "CC-BY-SA", "CC BY", "MIT License",
    "pip install cryptography", "python verify_certificate.py certificate.json keys.json", "Not yet", "No.",
}  # fmt: skip
_HIDDEN = re.compile(
    r"<(script|style|code|template|pre)\b.*?</\1>|<[^>]* lang=\"en[^>]*>.*?</\w+>|<!--.*?-->|<[^>]*>", re.DOTALL
)
_TOLD = re.compile(r'(?:alt|title|aria-label|placeholder|data-sure|data-sure-why|content)="([^"]*)"')
_RUN = re.compile(r"[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][a-z']+)+")
# What stands alone often enough, before a price or a name.
_WORD = re.compile(r"(?<![\w.'\u2019-])(?:ago|by|bid|changed|from|in|no|now|of|on|the|until|yes)(?![\w.:'\u2019=-])")
_ADDRESS = re.compile(
    r"https?:\S+|[\w.-]+@[\w.-]+|[\w/-]+\.(?:py|json|html|jpg|png|webp|test|org|com)\b|width=device-width\S*"
)


def english_words_in(text: str) -> set[str]:
    """Runs of at least two English words, and small words that stand alone, but for what is allowed."""
    text = _ADDRESS.sub("", text)
    for allowed in sorted(ALLOWED, key=len, reverse=True):
        text = text.replace(allowed, "")
    return {*_RUN.findall(text), *_WORD.findall(text)}


def english_in(page: str) -> set[str]:
    """The same of what somebody reads or hears on a page."""
    return english_words_in(_HIDDEN.sub(" · ", page) + " · " + " · ".join(_TOLD.findall(page)))
