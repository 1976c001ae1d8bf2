"""Forms of the pages. What may be chosen for a commission is drawn from the engine's own schema."""

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.pages.engine_forms import tell_what_counts
from generation.models import TrainedModel
from generation.services import SEED_BOUND
from marketplace.commissions.ways import Way
from marketplace.core.errors import AtelierError
from marketplace.core.languages import translated
from marketplace.core.money import Money
from marketplace.listings.services import LEAST_PRICE, MOST_PRICE

SIZES = (512, 768, 1024, 1536, 2048, 4096, 8192, 16_384)


class CommissionForm(forms.Form):
    """The photograph or the seed, and one field for each parameter of the engine that a person would turn.

    `classes` and `directions` are the model's, where a model is commissioned: what its engine's schema cannot know.
    """

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    photograph = forms.UUIDField(
        error_messages={"required": _("Choose a photograph first."), "invalid": _("Choose a photograph first.")}
    )
    mask = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seed = forms.IntegerField(
        label=_("Seed"), required=False, min_value=0, max_value=SEED_BOUND - 1, help_text=_("Left empty, it is drawn.")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, way: Way, model: TrainedModel | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"request_key": secrets.token_urlsafe(24)} | dict(initial or {}))
        if way.photograph is None:
            del self.fields["photograph"]
        if not way.takes_mask:
            del self.fields["mask"]
        if model is None or way.photograph is not None:
            del self.fields["seed"]
        properties = way.engine.json_schema()["properties"]
        found = {name: _field(about) for name, about in properties.items()}
        if "class_name" in found:
            found["class_name"] = _class_field(properties["class_name"], model)
        found.pop("unmasked", None)  # of one style: outside its mask it is the photograph
        self.parameters = {name: field for name, field in found.items() if field}
        self.directions = _directions(model) if model and "directions" in properties else {}
        self.fields.update(self.parameters | self.directions)
        tell_what_counts(self.fields, way.engine)

    @property
    def choices(self) -> list[BoundField]:
        """The engine's parameters, the size last."""
        names = sorted([*self.parameters, *self.directions], key=lambda name: name == "size")
        return [self[name] for name in names]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the engine takes it."""
        chosen = {name: self.cleaned_data[name] for name in self.parameters}
        strengths = {int(name.rpartition("_")[2]): self.cleaned_data[name] for name in self.directions}
        if any(strengths.values()):
            chosen["directions"] = [strengths.get(number, 0.0) for number in range(max(strengths) + 1)]
        return chosen


def _field(about: dict[str, Any]) -> forms.Field | None:
    """A field for a number or for one of a few words; none for what a person would not turn."""
    common: dict[str, Any] = {
        "label": translated(about.get("title", "")),
        "help_text": translated(about.get("description", "")),
        "initial": about.get("default"),
    }
    if "enum" in about:
        names = about.get("names", {})
        choices = [(word, translated(names.get(word) or str(word).capitalize())) for word in about["enum"]]
        return forms.ChoiceField(choices=choices, **common)
    least: Any = about.get("minimum")
    most: Any = about.get("maximum")
    if about.get("type") == "integer" and about["title"] == "Size":
        return size_field(about)
    if about.get("type") == "boolean":
        return forms.BooleanField(required=False, **common)
    if about.get("type") == "integer":
        return forms.IntegerField(min_value=least, max_value=most, **common)
    if about.get("type") == "number":
        return forms.FloatField(min_value=least, max_value=most, widget=_slider(least, most), **common)
    return None


def size_field(about: Mapping[str, Any]) -> forms.TypedChoiceField:
    """The sizes that an engine can paint, by its schema of them."""
    offered = [
        (size, gettext("%(size)s pixels") % {"size": size})
        for size in SIZES
        if about["minimum"] <= size <= about["maximum"]
    ]
    told: dict[str, Any] = {
        "label": translated(about["title"]),
        "help_text": translated(about.get("description", "")),
        "initial": about.get("default"),
    }
    return forms.TypedChoiceField(choices=offered, coerce=int, **told)


def _slider(least: float, most: float) -> forms.NumberInput:
    slider = forms.NumberInput(attrs={"type": "range", "step": "0.05", "min": least, "max": most})
    slider.input_type = "range"
    return slider


def _class_field(about: dict[str, Any], model: TrainedModel | None) -> forms.Field | None:
    classes = model.card.get("classes", []) if model else []
    offered = [("", gettext("Whichever the seed gives")), *((name, name) for name in classes)]
    return forms.ChoiceField(label=translated(about["title"]), required=False, choices=offered) if classes else None


def _directions(model: TrainedModel) -> dict[str, forms.Field]:
    """A slider for each of the model's directions to which its artist gave a name."""
    return {
        f"direction_{one['number']}": forms.FloatField(
            label=one["name"], min_value=-3.0, max_value=3.0, initial=0.0, widget=_slider(-3.0, 3.0)
        )
        for one in model.directions
    }


class PriceForm(forms.Form):
    """What a picture from a model costs, as people write it."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decimals = Money(0, currency).decimals
        least, most = (Decimal(amount).scaleb(-self.decimals) for amount in (LEAST_PRICE, MOST_PRICE))
        widget = forms.NumberInput(attrs={"step": Decimal(1).scaleb(-self.decimals), "inputmode": "decimal"})
        self.fields["price"] = forms.DecimalField(
            label=gettext("Price of a picture, in %(upper)s") % {"upper": currency.upper()},
            min_value=least,
            max_value=most,
            decimal_places=self.decimals,
            widget=widget,
        )

    @property
    def amount(self) -> int:
        """In minor units."""
        return int(self.cleaned_data["price"].scaleb(self.decimals))


def add_problem(form: forms.Form, error: AtelierError) -> None:
    """Say on a form what a service did not like, at the fields that it names."""
    for field, reasons in error.data.get("errors", {"": [error.detail]}).items():
        name = field.rpartition(".")[2]
        form.add_error(name if name in form.fields else None, reasons)


class DatasetForm(forms.Form):
    """A dataset's name and what it is."""

    name = forms.CharField(max_length=80, label=_("Name"))
    description = forms.CharField(
        max_length=2000, required=False, label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the pictures have in common. It goes into the card of every model that learns from them."),
    )  # fmt: skip


class TokenForm(forms.Form):
    """A new API token."""

    LIFETIMES = (
        ("30", _("30 days")),
        ("90", _("90 days")),
        ("365", _("a year")),
        ("", _("until it is revoked")),
    )

    name = forms.CharField(max_length=80, label=_("Name"), help_text=_("What it is for, such as “backup script”."))
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label=_("It may"))
    days = forms.ChoiceField(choices=LIFETIMES, required=False, initial="90", label=_("It lasts"))

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]
