"""Addresses as others see them: whole, by PUBLIC_URL, whatever host a request came by."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import Resolver404, resolve, reverse


def absolute(path: str) -> str:
    """The whole address of a path of this house; one that is whole already stays."""
    return path if urlsplit(path).scheme else f"{settings.ATELIER.public_url.rstrip('/')}{path}"


def page_of(name: str, *args: object) -> str:
    """The whole address of a page by its name."""
    return absolute(reverse(name, args=args))


def work_at(url: str) -> UUID | None:
    """Which work's page an address is; None where it is none of this house's."""
    asked, house = urlsplit(url.strip()), urlsplit(settings.ATELIER.public_url)
    if asked.scheme not in {"http", "https"} or asked.netloc.lower() != house.netloc.lower():
        return None
    try:
        found = resolve(asked.path if asked.path.endswith("/") else f"{asked.path}/")
    except Resolver404:
        return None
    return found.kwargs["artwork_id"] if found.url_name == "work" else None
