"""Forms of the pages. What may be chosen for a commission is drawn from the engine's own schema."""

import secrets
from typing import Any

from django import forms
from django.forms import BoundField

from generation.engines.base import EngineDeclaration
from marketplace.core.errors import AtelierError

SIZES = (512, 768, 1024, 1536, 2048)


class CommissionForm(forms.Form):
    """The photograph, and one field for each parameter of the engine that a person would turn."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    photograph = forms.UUIDField(
        error_messages={"required": "Choose a photograph first.", "invalid": "Choose a photograph first."}
    )

    def __init__(self, *args: Any, engine: EngineDeclaration, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": secrets.token_urlsafe(24)})
        super().__init__(*args, **kwargs)
        schema = engine.json_schema()["properties"]
        self.parameters = [name for name, about in schema.items() if about.get("type") in {"number", "integer"}]
        for name in self.parameters:
            self.fields[name] = _field(schema[name])

    @property
    def choices(self) -> list[BoundField]:
        """The engine's parameters."""
        return [self[name] for name in self.parameters]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the engine takes it."""
        return {name: self.cleaned_data[name] for name in self.parameters}


def _field(about: dict[str, Any]) -> forms.Field:
    common = {"label": about["title"], "help_text": about.get("description", ""), "initial": about["default"]}
    least, most = about["minimum"], about["maximum"]
    if about["type"] == "integer":
        offered = [(size, f"{size} pixels") for size in SIZES if least <= size <= most]
        return forms.TypedChoiceField(choices=offered, coerce=int, **common)
    slider = forms.NumberInput(attrs={"type": "range", "step": "0.05", "min": least, "max": most})
    slider.input_type = "range"
    return forms.FloatField(min_value=least, max_value=most, widget=slider, **common)


def add_problem(form: forms.Form, error: AtelierError) -> None:
    """Say on a form what a service did not like, at the fields that it names."""
    for field, reasons in error.data.get("errors", {"": [error.detail]}).items():
        name = field.rpartition(".")[2]
        form.add_error(name if name in form.fields else None, reasons)


class ArtistForm(forms.Form):
    """What everybody reads of an artist."""

    name = forms.CharField(max_length=80, label="Your name as an artist")
    bio = forms.CharField(
        max_length=2000, required=False, label="About you", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you make, and how.",
    )  # fmt: skip


class DatasetForm(forms.Form):
    """A dataset's name and what it is."""

    name = forms.CharField(max_length=80, label="Name")
    description = forms.CharField(
        max_length=2000, required=False, label="Description", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the pictures have in common. It goes into the card of every model that learns from them.",
    )  # fmt: skip


class TokenForm(forms.Form):
    """A new API token."""

    LIFETIMES = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until it is revoked"))

    name = forms.CharField(max_length=80, label="Name", help_text="What it is for, such as “backup script”.")
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="It may")
    days = forms.ChoiceField(choices=LIFETIMES, required=False, initial="90", label="It lasts")

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]
