"""Showing a page: its headers, and its values escaped."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).parent
# Our frames may be shown by any page, as Stripe's may; they run nothing but their own scripts.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action *; base-uri 'none'; frame-ancestors *",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def show_page(name: str, status: int, markup: Mapping[str, str] | None = None, **values: Any) -> Response:
    """A page of this folder; `markup` is put in as it is, everything else is escaped."""
    escaped = {key: escape(str(value)) for key, value in values.items()}
    text = Template((HERE / name).read_text()).substitute(escaped, **(markup or {}))
    return HTMLResponse(text, status, headers=HEADERS)
