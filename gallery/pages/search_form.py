"""The form of a search: what is searched around, and for each parameter of the space a range or some options."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.engines.base import EngineDeclaration
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.space import Choice, Entry
from generation.services import Bounds
from marketplace.core.languages import translated

USUAL = Bounds(planned=12, minutes=120.0)
# In the order of the page: the trials' budget, then that of the last training.
NUMBERS = (
    ("planned", _("Trials"), _("How many sets of parameters are tried at most."), USUAL.planned),
    ("parallel", _("At a time"), _("Trials that are trained side by side, where there are workers for them."), 1),
    ("trial_minutes", _("Minutes a trial"), _("Each is trained for as long; hopeless ones are stopped early."), 10.0),
    ("minutes", _("Minutes in all"), _("Of training, all trials together."), USUAL.minutes),
)


@dataclass(frozen=True)
class Row:
    """One parameter of the space: whether it is searched, where, and what it is where it is not."""

    title: str
    help: str
    searched: BoundField
    fields: Sequence[BoundField]
    errors: Sequence[str]


class SearchForm(forms.Form):
    """Left as it is, the method's own space is searched around its defaults."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(max_length=80, label=_("Name of the model"))

    def __init__(self, *args: Any, engine: EngineDeclaration, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_key": secrets.token_urlsafe(24)})
        super().__init__(*args, **kwargs)
        base = engine.validate_parameters({})
        assert isinstance(base, TrainingParameters)
        self.space, self.about = base.search_space(), engine.json_schema()["properties"]
        for name, label, help_text, initial in NUMBERS:
            kind = forms.IntegerField if isinstance(initial, int) else forms.FloatField
            self.fields[name] = kind(label=label, help_text=help_text, initial=initial, min_value=0)
        self.fields["last_minutes"] = forms.FloatField(
            label=gettext("Minutes of the last training"),
            initial=base.minutes,
            help_text=gettext("What is found is trained for so long."),
        )
        sides = [(side, gettext("%(side)s pixels") % {"side": side}) for side in self.about["resolution"]["enum"]]
        self.fields["resolution"] = forms.TypedChoiceField(
            choices=sides, coerce=int, initial=base.resolution, label=gettext("Resolution")
        )
        for name, entry in self.space.items():
            self.fields |= _fields(name, entry, getattr(base, name), whole=self.about[name].get("type") == "integer")

    @property
    def bounds(self) -> Bounds:
        return Bounds(**{name: self.cleaned_data[name] for name, *_ in NUMBERS})

    @property
    def parameters(self) -> dict[str, Any]:
        """What is searched around."""
        data = self.cleaned_data
        base = {name: data[f"base-{name}"] for name in self.space if data.get(f"base-{name}") not in {None, ""}}
        return {**base, "minutes": data["last_minutes"], "resolution": data["resolution"]}

    @property
    def chosen(self) -> dict[str, Any]:
        """The space, as the service takes it."""
        return {name: self._entry(name) for name in self.space if self.cleaned_data.get(f"on-{name}")}

    @property
    def numbers(self) -> list[BoundField]:
        """The budget's fields."""
        return [self[name] for name, *_ in NUMBERS] + [self["last_minutes"], self["resolution"]]

    @property
    def rows(self) -> list[Row]:
        """The space's fields, a row a parameter."""
        return [self._row(name) for name in self.space]

    def add_problems(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the service found wrong, at the fields that it names."""
        for where, reasons in errors.items():
            section, _, name = where.partition(".")
            place = {"space": f"on-{name}", "parameters": f"base-{name}"}.get(section, section)
            if where == "parameters.minutes":
                place = "last_minutes"
            self.add_error(place if place in self.fields else None, list(reasons))

    def _entry(self, name: str) -> dict[str, Any]:
        data = self.cleaned_data
        if isinstance(self.space[name], Choice):
            return {"options": data[f"options-{name}"]}
        return {end: data[f"{end}-{name}"] for end in ("low", "high") if data.get(f"{end}-{name}") is not None}

    def _row(self, name: str) -> Row:
        parts = ("options",) if isinstance(self.space[name], Choice) else ("low", "high")
        fields = [self[f"{part}-{name}"] for part in (*parts, "base")]
        errors = [str(error) for field in (self[f"on-{name}"], *fields) for error in field.errors]
        about = self.about[name]
        return Row(
            translated(about.get("title", name)),
            translated(about.get("description", "")),
            self[f"on-{name}"],
            fields,
            errors,
        )


def _fields(name: str, entry: Entry, default: Any, *, whole: bool) -> dict[str, forms.Field]:
    searched = forms.BooleanField(required=False, initial=True, label=gettext("Searched"))
    where = _options(entry, default) if isinstance(entry, Choice) else _ends(entry.low, entry.high, default, whole)
    return {f"on-{name}": searched} | {f"{part}-{name}": field for part, field in where.items()}


def _options(entry: Choice, default: Any) -> dict[str, forms.Field]:
    """Among which values is searched, and which is tried first."""
    among: dict[str, Any] = {
        "choices": [(option, str(option)) for option in entry.options], "coerce": type(entry.options[0]),
        "required": False,
    }  # fmt: skip
    return {
        "options": forms.TypedMultipleChoiceField(
            **among, initial=list(entry.options), label=gettext("Options"), widget=forms.CheckboxSelectMultiple
        ),
        "base": forms.TypedChoiceField(**among, initial=default, empty_value=None, label=gettext("Tried first")),
    }


def _ends(low: float, high: float, default: Any, whole: bool) -> dict[str, forms.Field]:
    """Between which numbers is searched, and which is tried first."""
    number = forms.IntegerField if whole else forms.FloatField
    ends = {
        "low": (gettext("From"), low),
        "high": (gettext("To"), high),
        "base": (gettext("Tried first"), default),
    }
    return {
        part: number(
            label=label,
            initial=int(initial) if whole else initial,
            required=False,
            widget=forms.NumberInput(attrs={"step": 1 if whole else "any"}),
        )
        for part, (label, initial) in ends.items()
    }
