"""The form beside a read sentence: a slider for each style, the colours, the mood, and from whom it is ordered."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.pages.forms import size_field
from generation.engines.stylist.anchors import AXES
from generation.engines.stylist.declarations import LISTED, StylistParameters
from generation.engines.stylist.suggestion import Chosen, Reason
from marketplace.commissions.wording import Answer, OfferedStyle
from marketplace.core.languages import translated
from marketplace.listings.models import Listing

MOODS = ("strength", "keep_colours", "light", "warmth", "contrast", "vividness")
LISTED_SHARE = 0.5  # where the slider of an artist's style stands at first


@dataclass(frozen=True)
class Slide:
    """One style with its slider."""

    style: Chosen
    field: BoundField


@dataclass(frozen=True)
class MoodSlide:
    """One parameter with its slider, and the words that moved it."""

    field: BoundField
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Offer:
    """An artist's style with its choice."""

    offered: OfferedStyle
    is_chosen: bool


class WordsForm(forms.Form):
    """What the person adjusts; everything stands where the sentence put it."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    photograph = forms.UUIDField(
        error_messages={"required": _("Choose a photograph first."), "invalid": _("Choose a photograph first.")}
    )
    use_palette = forms.BooleanField(required=False, label=_("Use these colours"))
    listed = forms.FloatField(
        min_value=0, max_value=1, required=False, initial=LISTED_SHARE, label=_("Of the artist's style")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, answer: Answer, sentence: str) -> None:
        suggestion = answer.suggestion
        initial = {"request_key": secrets.token_urlsafe(24), "use_palette": bool(suggestion.palette), "listing": ""}
        super().__init__(data, initial=initial)
        self.answer, self.sentence = answer, sentence
        for one in (*suggestion.mix, *suggestion.others):
            self.fields[_weight(one)] = _slider(translated(one.title), 0, 1, one.weight)
        for name in (*MOODS, "palette_strength"):
            about = StylistParameters.model_fields[name]
            least, most = (0, 1) if name in {"strength", "keep_colours", "palette_strength"} else (-1, 1)
            self.fields[name] = _slider(
                translated(str(about.title)), least, most, suggestion.values.get(name, about.default)
            )
            self.fields[name].help_text = translated(str(about.description))
        self.fields["listed"].widget = _slider("", 0, 1, 0).widget
        self.fields["size"] = size_field(StylistParameters.model_json_schema()["properties"]["size"])
        listings = [("", "house"), *((str(one.listing.pk), one.listing.title) for one in answer.offered)]
        self.fields["listing"] = forms.ChoiceField(choices=listings, required=False)

    @property
    def mixed(self) -> list[Slide]:
        """The styles that the sentence chose."""
        return [Slide(one, self[_weight(one)]) for one in self.answer.suggestion.mix]

    @property
    def others(self) -> list[Slide]:
        """The next best, at nought until somebody wants them."""
        return [Slide(one, self[_weight(one)]) for one in self.answer.suggestion.others]

    @property
    def moods(self) -> list[MoodSlide]:
        """Strength, colours and mood."""
        return [MoodSlide(self[name], self._reasons(name)) for name in MOODS]

    @property
    def colours(self) -> MoodSlide:
        """How far the colours go to the palette."""
        return MoodSlide(self["palette_strength"], self.answer.suggestion.because.get("palette_strength", ()))

    def _reasons(self, name: str) -> tuple[Reason, ...]:
        """What moved a mood to where it stands; negative is only what pulled the other way."""
        suggestion, axis = self.answer.suggestion, AXES[name]
        sign = -1.0 if suggestion.values.get(name, axis.rest) < axis.rest else 1.0
        return tuple(Reason(one.words, sign * one.pull) for one in suggestion.because.get(name, ()))

    @property
    def offers(self) -> list[Offer]:
        """What artists offer that answers as well."""
        chosen = str(self["listing"].value() or "")
        return [Offer(one, str(one.listing.pk) == chosen) for one in self.answer.offered]

    @property
    def problems(self) -> list[str]:
        """What is wrong, but for the photograph, which says so itself."""
        fields = [self[name] for name in self.fields if name != "photograph"]
        return [*self.non_field_errors(), *(f"{one.label}: {error}" for one in fields for error in one.errors)]

    @property
    def ordered_from(self) -> Listing | None:
        """From which it is ordered."""
        named = self.cleaned_data.get("listing")
        return next((one.listing for one in self.answer.offered if str(one.listing.pk) == named), self.answer.house)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the engine takes it."""
        data, suggestion = self.cleaned_data, self.answer.suggestion
        weighed = [(one.slug, data[_weight(one)]) for one in (*suggestion.mix, *suggestion.others)]
        if data.get("listing"):
            weighed.append((LISTED, data.get("listed") or LISTED_SHARE))
        mix = sorted((part for part in weighed if part[1] > 0), key=lambda part: -part[1])[:6]
        palette = list(suggestion.palette) if data["use_palette"] else []
        return {
            "sentence": self.sentence,
            "mix": [{"style": style, "weight": weight} for style, weight in mix],
            "palette": palette,
            "palette_strength": data["palette_strength"] if palette else 0.0,
            "size": data["size"],
            **{name: data[name] for name in MOODS},
        }

    def clean(self) -> dict[str, Any]:
        """Refuse to paint in no style at all."""
        data = super().clean() or {}
        weights = [value for name, value in data.items() if name.startswith("weight_")]
        if not self.errors and not any(weights) and not data.get("listing"):
            self.add_error(None, gettext("Choose at least one style."))
        return data


def _weight(one: Chosen) -> str:
    return f"weight_{one.slug}"


def _slider(label: str, least: float, most: float, initial: Any) -> forms.FloatField:
    slider = forms.NumberInput(attrs={"type": "range", "step": "0.01", "min": least, "max": most})
    slider.input_type = "range"
    return forms.FloatField(label=label, min_value=least, max_value=most, initial=initial, widget=slider)
