"""Gathering every text of the house that is shown to people, and keeping the catalogues in step with them.

Python and Django's templates go to the domain `django`, the scripts of pages to `djangojs`. Besides what stands in a
call of gettext, a few kinds of declaration are read as they are, since their modules know no Django or are no calls:
titles and meanings of errors (problem details), how engines and their parameters name themselves (`TITLES`), whole
sentences of engines and workers and what they say they are at (`SENTENCES`), and what is kept in rows (`kept("…")`).
Those are translated where they are shown; of those that are f-strings, a value is `{0}`, `{1}` … in the order of the
original.
"""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from generation.engines.stylist.library import LIBRARY_FILE, house_styles
from marketplace.core.languages import KEPT

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

SENTENCES = ("generation/engines", "generation/worker", "generation/provenance")
# Of these, what operators and builders alone read.
_FOR_OPERATORS = ("__main__.py", "/meters.py", "/deployment.py", "/gathering.py", "/learning.py", "/development.py")
# Arguments of calls that are texts, by keyword or place: what is done just now, what a class of work is called.
_ARGUMENTS = {"progress": ("stage", 2), "Effort": ("title", 1), "_effort": ("title", 1)}

# Kinds of problems that stand beside what they are about, by what they are made from.
_PROBLEMS = {"AtelierError", "NotFound", "Conflict", "Unavailable"}

Found = tuple[str, int, str | tuple[str, ...], str | None]  # file, line, message(s), context


def gather(domain: str) -> Catalog:
    """Every text of one domain, with where it stands."""
    catalog = Catalog(project="Atelier", charset="utf-8", fuzzy=False)
    found = [*_of_python(), *_of_templates(), *_of_styles()] if domain == "django" else _of_scripts()
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
        has_errors = path.endswith(("errors.py", "/errors/__init__.py")) or any(
            f"({name})" in source for name in _PROBLEMS
        )
        if not (names or has_errors or "gettext" in source or "kept" in source or path.startswith(SENTENCES)):
            continue
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _of_call(path, node, names)
            elif isinstance(node, ast.AnnAssign) and names and getattr(node.target, "id", "") == "NAMES":
                for said in getattr(node.value, "values", ()):
                    yield from _of_kept(path, said)
            elif isinstance(node, ast.ClassDef) and (_is_error(path, node) or names):
                yield from _of_class(path, node, names | {"title"})
                if _is_error(path, node) and (meaning := ast.get_docstring(node)):
                    yield path, node.lineno, " ".join(meaning.split()), None
        if path.startswith(SENTENCES) and not path.endswith(_FOR_OPERATORS):
            yield from _of_sentences(path, tree)


def _of_call(path: str, node: ast.Call, names: set[str]) -> Iterator[Found]:
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if places := _CALLS.get(function):
        texts = [_text(node.args[place]) for place in places if place < len(node.args)]
        if len(texts) == len(places) and all(texts):
            said = [text for text in texts if text]
            context = said.pop(0) if "pgettext" in function else None
            yield path, node.lineno, tuple(said) if len(said) > 1 else said[0], context
    if function == "kept":
        yield from _of_kept(path, node.args[0])
    if function in _ARGUMENTS:
        word, place = _ARGUMENTS[function]
        told = [keyword.value for keyword in node.keywords if keyword.arg == word] + node.args[place : place + 1]
        yield from (found for text in told for found in _of_kept(path, text))
    for keyword in node.keywords:
        if keyword.arg in names:
            yield from _of_kept(path, keyword.value)


def _is_error(path: str, node: ast.ClassDef) -> bool:
    """Is it a kind of problem, that `/problems/` explains?"""
    made_from = {getattr(base, "id", "") for base in node.bases}
    return path.endswith(("errors.py", "/errors/__init__.py")) or bool(made_from & _PROBLEMS)


def _of_kept(path: str, node: ast.expr) -> Iterator[Found]:
    """A text, or one with values; of a choice between two, both."""
    if text := _text(node):
        yield path, node.lineno, text, None
    elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
        yield path, node.lineno, pattern, KEPT
    elif isinstance(node, ast.IfExp):
        yield from _of_kept(path, node.body)
        yield from _of_kept(path, node.orelse)


def _pattern(node: ast.JoinedStr) -> str:
    """An f-string with {0}, {1} … where its values are; "" where hardly anything else is in it."""
    places = iter(range(100))
    parts = [str(one.value) if isinstance(one, ast.Constant) else f"{{{next(places)}}}" for one in node.values]
    return "".join(parts) if re.search(r"[a-z]{2}", re.sub(r"\{\d\}", "", "".join(parts))) else ""


def _of_sentences(path: str, tree: ast.AST) -> Iterator[Found]:
    """Whole sentences: what begins with a capital, or a value, and ends with a full stop; but for docstrings."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)} - {
        id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    }
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inside or id(node) in said or not isinstance(node, (ast.Constant, ast.JoinedStr)):
            continue
        for found in _of_kept(path, node):
            if re.fullmatch(r"[A-Z“{\d].* .*\.", str(found[2]), re.DOTALL):
                yield found


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


def _of_styles() -> Iterator[Found]:
    """What the house's styles are called, and after what they were made; what a sentence is held against is English."""
    path = LIBRARY_FILE.relative_to(ROOT).as_posix()
    for style in house_styles().values():
        yield path, 1, style.title, None
        yield path, 1, style.credit, None


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
