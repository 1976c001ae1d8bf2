"""Gathering every text of the house that is shown to people, and keeping the catalogues in step with them.

Python and Django's templates go to the domain `django`, the scripts of pages to `djangojs`. Besides what stands in a
call of gettext, a few kinds of declaration are read as they are, since their modules know no Django or are no calls:
titles of errors (problem details), and how engines and their parameters name themselves (`TITLES`). Those are
translated where they are shown.
"""

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "gallery" / "locale"
LANGUAGES = ["zh_Hans"]
DOMAINS = ["django", "djangojs"]
PLACES = ["gallery", "marketplace", "generation", "payments"]
NOT_READ = {"migrations", "vendor", "sandbox", "locale"}  # the sandbox speaks as Stripe does: in English

_CALLS: dict[str, tuple[int, ...]] = {
    "gettext": (0,), "gettext_lazy": (0,), "gettext_noop": (0,), "_": (0,),
    "ngettext": (0, 1), "ngettext_lazy": (0, 1), "pgettext": (0, 1), "pgettext_lazy": (0, 1),
    "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip
_FUNCTIONS = {
    "_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# Declarations that are texts by where they stand: folder, and the names they are given by.
TITLES = {"generation/engines": {"title", "description", "help", "label"}}

Found = tuple[str, int, str | tuple[str, ...], str | None]  # file, line, message(s), context


def gather(domain: str) -> Catalog:
    """Every text of one domain, with where it stands."""
    catalog = Catalog(project="Atelier", charset="utf-8", fuzzy=False)
    found = [*_of_python(), *_of_templates()] if domain == "django" else _of_scripts()
    for path, line, message, context in found:
        catalog.add(message, locations=[(path, line)], context=context)
    return catalog


def catalogue_path(language: str, domain: str) -> Path:
    """Where the translations of one language and domain stand."""
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """The translations as they stand."""
    with catalogue_path(language, domain).open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def update(language: str, domain: str) -> Catalog:
    """Write the catalogue anew: new texts without a translation, texts that are gone left out; and compile it."""
    path, gathered = catalogue_path(language, domain), gather(domain)
    known = read(language, domain) if path.exists() else Catalog(locale=language, domain=domain)
    catalog = Catalog(
        locale=language, domain=domain, project="Atelier", charset="utf-8", fuzzy=False, header_comment="",
        creation_date=datetime(2026, 11, 1, tzinfo=UTC), revision_date=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    for message in sorted((m for m in gathered if m.id), key=lambda m: m.locations[0]):
        old = known.get(message.id, message.context)
        catalog.add(
            message.id, old.string if old else None, context=message.context,
            locations=[(path, 0) for path in dict.fromkeys(path for path, _ in message.locations)],
        )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads at run time."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The texts that have no translation yet, or one that somebody has to look at."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _is_said(message.string))]


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


def _files(pattern: str) -> Iterator[tuple[str, str]]:
    for place in PLACES:
        for path in sorted((ROOT / place).rglob(pattern)):
            relative = path.relative_to(ROOT)
            if not NOT_READ.intersection(relative.parts):
                yield relative.as_posix(), path.read_text(encoding="utf-8")


def _of_python() -> Iterator[Found]:
    for path, source in _files("*.py"):
        names = next((names for folder, names in TITLES.items() if path.startswith(folder)), set())
        has_errors = path.endswith(("errors.py", "/errors/__init__.py"))
        if not (names or has_errors or "gettext" in source):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                yield from _of_call(path, node, names)
            elif isinstance(node, ast.ClassDef) and (has_errors or names):
                yield from _of_class(path, node, names | {"title"})


def _of_call(path: str, node: ast.Call, names: set[str]) -> Iterator[Found]:
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if places := _CALLS.get(function):
        texts = [_text(node.args[place]) for place in places if place < len(node.args)]
        if len(texts) == len(places) and all(texts):
            said = [text for text in texts if text]
            context = said.pop(0) if "pgettext" in function else None
            yield path, node.lineno, tuple(said) if len(said) > 1 else said[0], context
    for keyword in node.keywords:
        if keyword.arg in names and (text := _text(keyword.value)):
            yield path, keyword.value.lineno, text, None


def _of_class(path: str, node: ast.ClassDef, names: set[str]) -> Iterator[Found]:
    """Texts that a class's attributes are: `title = "…"`, `code, title, status = "…", "…", 404`."""
    for statement in node.body:
        pairs: list[tuple[ast.expr, ast.expr | None]]
        if isinstance(statement, ast.AnnAssign):
            pairs = [(statement.target, statement.value)]
        elif not isinstance(statement, ast.Assign):
            continue
        elif isinstance(statement.targets[0], ast.Tuple) and isinstance(statement.value, ast.Tuple):
            pairs = [*zip(statement.targets[0].elts, statement.value.elts, strict=False)]
        else:
            pairs = [(target, statement.value) for target in statement.targets]
        for target, value in pairs:
            if getattr(target, "id", "") in names and (text := _text(value)):
                yield path, statement.lineno, text, None


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _of_templates() -> Iterator[Found]:
    for suffix in ("*.html", "*.txt"):
        for path, source in _files(suffix):
            if "/templates/" in path and "i18n" in source:
                # What is left of a template is Python of a kind, but for its indentation.
                lines = (line.lstrip() for line in templatize(source, origin=path).splitlines())
                yield from _of_babel(path, "\n".join(lines), "python")


def _of_scripts() -> Iterator[Found]:
    for path, source in _files("*.js"):
        if "gettext(" in source:
            yield from _of_babel(path, source, "javascript")


def _of_babel(path: str, source: str, method: str) -> Iterator[Found]:
    file = io.BytesIO(source.encode())
    for line, message, _, context in extract(method, file, keywords=_FUNCTIONS, comment_tags=()):
        if message:
            yield path, line, message, context
