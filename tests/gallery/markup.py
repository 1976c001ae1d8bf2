"""Reading a page as a browser would: its pictures, links and forms, and what the house's rules say of them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

Attributes = dict[str, str]
DATA = ("application/json", "application/ld+json")  # no browser runs these


@dataclass
class Page(HTMLParser):
    """A page's elements by their tag."""

    html: str
    elements: list[tuple[str, Attributes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **attributes: str) -> list[Attributes]:
        """The elements of a tag that have these attributes."""
        wanted = attributes.items()
        return [found for name, found in self.elements if name == tag and wanted <= found.items()]

    def value_of(self, name: str) -> str:
        """What a form's field holds."""
        [element] = [found for tag, found in self.elements if tag == "input" and found.get("name") == name]
        return element.get("value", "")


def read(answer: object, status: int = 200) -> Page:
    """The page of an answer: every picture is described and sized, and nothing runs that the policy would refuse."""
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == status, answer.content[:500]
    page = Page(answer.content.decode())
    for image in page.all("img"):
        assert image.get("alt"), image
        assert int(image["width"]) > 0, image
        assert int(image["height"]) > 0, image
        assert image["src"], image
    for script in page.all("script"):
        assert script.get("src") or script.get("type") in DATA, "an inline script"
    assert not [name for _, found in page.elements for name in found if name.startswith("on")], "an inline handler"
    identifiers = [found["id"] for _, found in page.elements if "id" in found]
    assert len(identifiers) == len(set(identifiers)), "an id twice"
    return page
