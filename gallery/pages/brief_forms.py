"""Forms of commissions by brief. What is wrong with what was said, the services say at the fields they name."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.pages.sale_forms import USUAL_LICENCE
from generation.engines import registry
from generation.models import TrainedModel
from marketplace.accounts.models import Artist
from marketplace.commissions.models import CommissionTerms
from marketplace.commissions.services import briefs
from marketplace.core.languages import translated
from marketplace.core.money import Money
from marketplace.listings.models import Licence, StyleTerms

LONG = {"rows": 5}


class MoneyField(forms.DecimalField):
    """An amount in the house's currency; cleaned, it is in minor units."""

    def __init__(self, **more: Any) -> None:
        self.money = Money(0, settings.ATELIER.currency)
        step = Decimal(1).scaleb(-self.money.decimals)
        widget = forms.NumberInput(attrs={"step": step, "inputmode": "decimal"})
        super().__init__(min_value=0, decimal_places=self.money.decimals, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.money.decimals))

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value).scaleb(-self.money.decimals) if isinstance(value, int) else value


class BriefForm(forms.Form):
    """What a collector would like of an artist."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    title = forms.CharField(max_length=120, label=_("What shall it be called, for now?"))
    text = forms.CharField(
        max_length=5000, label=_("What do you have in mind?"), widget=forms.Textarea(attrs=LONG),
        help_text=_("What is to be seen, how it should feel, where it will hang, what must not be in it."),
    )  # fmt: skip
    budget_least = MoneyField(label=_("Your budget, from"))
    budget_most = MoneyField(label="to")
    licence = forms.ModelChoiceField(Licence.objects.none(), label=_("For what use"), empty_label=None)
    width = forms.IntegerField(label=_("Width in pixels"), required=False, min_value=1)
    height = forms.IntegerField(label=_("Height in pixels"), required=False, min_value=1)
    wanted_by = forms.DateField(label=_("Wanted by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    ROWS = (("title",), ("text",), ("budget_least", "budget_most"), ("licence", "wanted_by"), ("width", "height"))

    def __init__(self, *args: Any, terms: CommissionTerms, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial["request_key"] = secrets.token_urlsafe(24)
        self.initial.setdefault("licence", USUAL_LICENCE)
        self.fields["licence"].queryset = terms.licences.filter(is_offered=True)  # type: ignore[attr-defined]  # of a choice

    @property
    def rows(self) -> list[list[BoundField]]:
        """As the page shows them: what belongs together side by side."""
        return [[self[name] for name in row] for row in self.ROWS]

    def wishes(self, references: list[Any]) -> briefs.Wishes:
        """What was said, as the service takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "request_key"}
        return briefs.Wishes(**said | {"licence": said["licence"].pk, "reference_ids": references})


class OfferForm(forms.Form):
    """A quote, or a counter-quote."""

    price_amount = MoneyField(label=_("Price"))
    deposit = forms.IntegerField(
        label=_("Deposit, in percent"),
        min_value=1,
        max_value=100,
        initial=50,
        help_text=_("The rest is paid at acceptance."),
    )
    days = forms.IntegerField(label=_("Days to the first proof"), min_value=1, initial=14)
    revisions = forms.IntegerField(label=_("Included revisions"), min_value=0, initial=1)
    revision_days = forms.IntegerField(label=_("Days a revision takes"), min_value=1, initial=7)
    revision_amount = MoneyField(
        label=_("An extra revision costs"), required=False, help_text=_("Empty: there are none.")
    )
    candidates = forms.IntegerField(
        label=_("Pictures by the house's machines, at most"), min_value=1, initial=20,
        help_text=_("Every one is kept. Finished pictures that are brought do not count."),
    )  # fmt: skip
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    uses = forms.ModelMultipleChoiceField(
        StyleTerms.objects.none(), label=_("Lent styles and models that go into it"), required=False,
        help_text=_("Their artists are paid out of what you get."),
    )  # fmt: skip

    def __init__(self, *args: Any, artist: Artist | None = None, **more: Any) -> None:
        """With `artist`, who quotes; without, the collector counters."""
        super().__init__(*args, **more)
        lent = StyleTerms.objects.offered().exclude(artist=artist).select_related("artwork", "trained_model")
        if artist is None or not lent.exists():
            del self.fields["uses"]
        else:
            self.fields["uses"].queryset = lent  # type: ignore[attr-defined]  # of a choice

    def offer(self) -> briefs.Offer:
        """What was said, as the service takes it."""
        said = dict(self.cleaned_data)
        uses = [terms.pk for terms in said.pop("uses", [])]
        return briefs.Offer(deposit_bps=said.pop("deposit") * 100, uses=uses, **said)


class CandidateForm(forms.Form):
    """How a candidate is made by the house's machines; more of an engine can be turned over the API."""

    engine = forms.ChoiceField(label=_("By"))
    size = forms.IntegerField(label=_("Size in pixels"), min_value=64, initial=1024)
    seed = forms.IntegerField(label=_("Seed"), required=False, min_value=0, help_text=_("Left empty, it is drawn."))

    def __init__(self, *args: Any, artist: Artist, **more: Any) -> None:
        super().__init__(*args, **more)
        engines = [(one.name, translated(one.title)) for one in registry.declarations() if _can_be_asked(one)]
        models = TrainedModel.objects.filter(artist=artist).exclude(state=TrainedModel.State.WITHDRAWN)
        mine = [
            (f"model:{model.pk}", gettext("Your model %(model)s") % {"model": model})
            for model in models
            if _sampler(model)
        ]
        self.fields["engine"].choices = [*engines, *mine]  # type: ignore[attr-defined]  # of a choice

    def recipe(self, pictures: list[Any]) -> briefs.Recipe:
        """What was chosen, as the service takes it."""
        chosen, model = self.cleaned_data["engine"], None
        if chosen.startswith("model:"):
            model = TrainedModel.objects.get(pk=chosen.removeprefix("model:"))
            chosen = _sampler(model)
        declaration = registry.declaration(chosen)
        uploads = [(declaration.inputs[0].name, one) for one in pictures] if declaration.inputs else []
        return briefs.Recipe(
            engine=chosen,
            parameters={"size": self.cleaned_data["size"]},
            seed=self.cleaned_data["seed"],
            uploads=uploads,
            model_id=model.pk if model else None,
        )


def _can_be_asked(engine: Any) -> bool:
    """Engines that make a picture of nothing, or of one picture."""
    makes = engine.medium == "image" and not engine.trains and not engine.runs_models
    return makes and "size" in engine.parameters.model_fields and len(engine.asked) <= 1


def _sampler(model: TrainedModel) -> str:
    """What paints a model's pictures by seed alone, if anything does."""
    found = [one for one in registry.declarations() if model.kind in one.runs_models and not one.asked]
    return next((one.name for one in found if one.medium == "image" and "size" in one.parameters.model_fields), "")


class WordsForm(forms.Form):
    """Something said: a message, a change that is wanted, what went wrong."""

    text = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    """What staff decide."""

    refund = forms.IntegerField(
        label=_("Back to the collector, in percent of everything paid"), min_value=0, max_value=100
    )
    is_delivered = forms.ChoiceField(
        label=_("The work"), widget=forms.RadioSelect,
        choices=[("yes", _("The collector has it, in full size")), ("no", _("It is nobody's"))],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Why"), max_length=3000, widget=forms.Textarea(attrs=LONG), help_text=_("Both sides read this.")
    )


class TipForm(forms.Form):
    """A tip."""

    amount = MoneyField(label=_("Amount"))


class TermsForm(forms.Form):
    """On what terms an artist takes commissions."""

    is_open = forms.BooleanField(label=_("Take commissions by brief"), required=False)
    queue_limit = forms.IntegerField(
        label=_("At once, at most"), min_value=1, help_text=_("Those beyond wait in line.")
    )
    min_price_amount = MoneyField(label=_("From which price on"))
    licences = forms.ModelMultipleChoiceField(
        Licence.objects.filter(is_offered=True), label=_("Licences"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("What to know before sending a brief"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )


def kept_terms(kept: CommissionTerms | None) -> dict[str, Any]:
    """What the form of an artist's terms shows: what they said last, or what is usual."""
    if kept is None:
        return {"queue_limit": 5, "min_price_amount": 1000}
    told = {name: getattr(kept, name) for name in ("is_open", "queue_limit", "min_price_amount", "text")}
    return told | {"licences": list(kept.licences.all())}
