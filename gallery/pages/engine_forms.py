"""Forms drawn from an engine's own schema: a field for each parameter, the few that matter first."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext

from generation.engines.base import EngineDeclaration
from marketplace.core.languages import translated

PREFIX = "p_"  # so that no parameter is mistaken for a field of the form itself
Named = Sequence[Mapping[str, Any]]  # directions: [{number, name}]


class EngineForm(forms.Form):
    """What may be chosen for an engine. Left empty, a field is the engine's default.

    `options` names all that a parameter can be here; one for which there are none is left out.
    """

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        engine: EngineDeclaration,
        first: Sequence[str] = (),
        options: Mapping[str, Sequence[str]] | None = None,
        directions: Named = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", {"request_key": secrets.token_urlsafe(24)})
        super().__init__(*args, **kwargs)
        self.first, self.directions = first, directions
        self.parameters: list[str] = []
        for name, about in engine.json_schema()["properties"].items():
            if options is not None and name in options:
                names = {option: option for option in options[name]}
                about = about | {"enum": ["", *names] if names else [], "names": names}
            if field := _field(about):
                self.fields[PREFIX + name] = field
                self.parameters.append(name)
        tell_what_counts(self.fields, engine, PREFIX)
        if "directions" in engine.parameters.model_fields:
            for one in directions:
                self.fields[_direction(one)] = _slider(
                    one["name"], gettext("How far along this direction."), -3.0, 3.0, 0.0
                )

    @property
    def few(self) -> list[BoundField]:
        """The fields that most people look at."""
        named = [self[_direction(one)] for one in self.directions if _direction(one) in self.fields]
        return [self[PREFIX + name] for name in self.first if name in self.parameters] + named

    @property
    def more(self) -> list[BoundField]:
        """All the others."""
        return [self[PREFIX + name] for name in self.parameters if name not in self.first]

    @property
    def has_errors_in_more(self) -> bool:
        return any(field.errors for field in self.more)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the engine takes it."""
        found = {name: self.cleaned_data[PREFIX + name] for name in self.parameters}
        chosen = {name: value for name, value in found.items() if value is not None}
        strengths = {one["number"]: self.cleaned_data.get(_direction(one)) or 0.0 for one in self.directions}
        if any(strengths.values()):
            chosen["directions"] = [strengths.get(number, 0.0) for number in range(max(strengths) + 1)]
        return chosen

    def add_problems(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what a service found wrong, at the fields that it names."""
        for where, reasons in errors.items():
            name = where.removeprefix("parameters.")
            place = next((known for known in (PREFIX + name, name) if known in self.fields), None)
            self.add_error(place, list(reasons))


def tell_what_counts(fields: Mapping[str, forms.Field], engine: EngineDeclaration, prefix: str = "") -> None:
    """Have the page show a parameter only beside the choices with which it counts (`js/counts.js`)."""
    for name, about in engine.json_schema()["properties"].items():
        if (field := fields.get(prefix + name)) and (rule := about.get("counts_with")):
            ((other, values),) = rule.items()
            field.widget.attrs |= {
                "data-counts-with": prefix + other,
                "data-counts-for": " ".join(values),
                "data-default": about["default"],
            }


def _direction(one: Mapping[str, Any]) -> str:
    return f"direction_{one['number']}"


def _field(about: Mapping[str, Any]) -> forms.Field | None:
    common: dict[str, Any] = {
        "label": translated(about.get("title", "")),
        "help_text": translated(about.get("description", "")),
        "initial": about.get("default"),
        "required": False,
    }
    kind = about.get("type")
    coerce: Callable[[Any], Any] = int if kind == "integer" else str
    if "enum" in about:
        names = {"": translated(about.get("empty", "by seed"))} | about.get("names", {})
        options = [(one, translated(names.get(one) or str(one).capitalize())) for one in about["enum"]]
        if not options:
            return None
        return forms.TypedChoiceField(choices=options, coerce=coerce, empty_value=None, **common)
    if kind == "boolean":
        return forms.BooleanField(**common)
    if kind in {"number", "integer"}:
        bounds: dict[str, Any] = {"min_value": about.get("minimum"), "max_value": about.get("maximum")}
        number = forms.IntegerField if kind == "integer" else forms.FloatField
        return number(**common, **bounds, widget=forms.NumberInput(attrs={"step": "any" if kind == "number" else 1}))
    if kind == "string":
        return forms.CharField(max_length=about.get("maxLength"), **common)
    return None  # lists have fields of their own, or none


def _slider(label: str, help_text: str, least: float, most: float, initial: float) -> forms.Field:
    slider = forms.NumberInput(attrs={"type": "range", "step": "0.1", "min": least, "max": most})
    slider.input_type = "range"
    return forms.FloatField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        initial=initial,
        required=False,
        widget=slider,
    )
