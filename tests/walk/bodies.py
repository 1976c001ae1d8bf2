"""What is sent along, so that nobody is told "invalid" where they should be told "not yours".

The API's bodies are the least that docs/openapi.yaml asks for, drawn from it; FORMS has what pages ask for.
"""

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from tests.walk.addresses import Address
from tests.walk.world import Thing

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
NOBODYS = "00000000-0000-7000-8000-000000000000"
TOMORROW = timezone.now() + timedelta(days=1)
BY_FORMAT = {
    "uuid": NOBODYS, "email": "guest@walk.test", "uri": "https://walk.test/", "date-time": TOMORROW.isoformat(),
    "date": TOMORROW.date().isoformat(),
}  # fmt: skip
BY_NAME = {
    "licence": "personal", "currency": "eur", "media_type": "image/png", "consent": "own", "engine": "flow-field",
}  # fmt: skip
# Where the least is not enough to be heard, by the address's name.
BODIES: dict[str, dict[str, Any]] = {
    "api-auth-token": {},  # or attempts would be counted
    "api-allowlist": {"people": ["guest@walk.test"]},
    "api-brief-candidate": {"engine": "flow-field"},
    "api-dataset-archives": {
        "file": {"filename": "1.zip", "media_type": "application/zip", "size": 1000}, "consent": "own",
    },
    "api-exhibition-hanging": {"text": "A label."},
    "api-owned": {"shown_as": "A friend"},
    "api-brief-decision": {"refund_bps": 5000, "is_delivered": False, "text": "So."},
}  # fmt: skip
FORMS: dict[str, dict[str, str]] = {
    "brief-tip": {"amount": "5.00"},
    "brief-bring": {"upload": NOBODYS},
    "model-offer": {"price": "30.00"},
    "work-collect": {"title": "Kept"},
    "edition-name": {"name": "A friend"},
}


def body_for(method: str, address: Address, thing: Thing) -> dict[str, Any]:
    """What a call is made with: a form of the page's, or the least that the API takes."""
    if method == "GET":
        return {}
    if not address.is_api:
        return dict(FORMS.get(address.name, {}))
    if address.name in BODIES:
        return dict(BODIES[address.name])
    operation = _document()["paths"].get(documented(address), {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    made = _least(content.get("schema", {}), thing)
    return made if isinstance(made, dict) else {}


def documented(address: Address) -> str:
    path = address.path
    for part in path.split("/"):
        if part.startswith("<"):
            path = path.replace(part, "{" + part[1:-1].rpartition(":")[2] + "}")
    return path


def _least(schema: dict[str, Any], thing: Thing, name: str = "") -> Any:
    """The least that fits a schema; an id of a name that the thing has a part of is that part's."""
    if "$ref" in schema:
        return _least(_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], thing, name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return _least(schema[several][0], thing, name)
    if name in BY_NAME:
        return BY_NAME[name]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        return {key: _least(properties[key], thing, key) for key in schema.get("required", []) if key in properties}
    if kind == "array":
        return [_least(schema["items"], thing, name)]
    if kind == "integer" and f"{name}_id" in thing.values:
        return int(thing.values[f"{name}_id"])
    if kind in {"integer", "number"}:
        return max(5_000 if name.endswith("amount") else 1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    if schema.get("format") == "uuid" and f"{name}_id" in thing.values:
        return thing.values[f"{name}_id"]
    return BY_FORMAT.get(schema.get("format", ""), "Something to say."[: schema.get("maxLength", 100)])


@cache
def _document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(DOCUMENT.read_text(), yaml.CSafeLoader)
    return loaded
