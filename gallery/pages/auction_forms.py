"""The forms by which auctions are prepared and bid in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.pages.sale_forms import amount_field, minor_units, moment_field, usual_first
from marketplace.core.money import Money
from marketplace.listings.models import Licence
from marketplace.listings.services import DutchTerms, EnglishTerms, Schedule


class _Terms(forms.Form):
    """What every auction says: the licence, and the house's own currency."""

    licence = forms.ChoiceField(label=_("Licence"))

    def __init__(self, *args: Any, licences: Sequence[Licence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = settings.ATELIER.currency
        self.fields["licence"].choices = [(one.pk, str(one)) for one in usual_first(licences)]  # type: ignore[attr-defined]

    def minor(self, name: str) -> int:
        """An amount in minor units."""
        return minor_units(self.cleaned_data[name], self.currency)

    def _amount(self, name: str, label: str, *, required: bool = True) -> None:
        self.fields[name] = amount_field(
            self.currency,
            gettext("%(label)s, in %(upper)s") % {"label": label, "upper": self.currency.upper()},
            required=required,
        )


class EnglishForm(_Terms):
    """One edition, to whoever bids most."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._amount("start_amount", gettext("Bidding starts at"))
        self._amount("reserve_amount", gettext("Not below (a reserve that nobody is told)"), required=False)
        self.fields["opens_at"] = moment_field(gettext("Opens"), gettext("UTC. Left empty: at once."))
        self.fields["closes_at"] = moment_field(gettext("Closes"), gettext("UTC. A bid in the last minutes moves it."))
        self.fields["closes_at"].required = True

    @property
    def terms(self) -> EnglishTerms:
        reserve = None if self.cleaned_data["reserve_amount"] is None else self.minor("reserve_amount")
        return EnglishTerms(self.cleaned_data["licence"], self.currency, self.minor("start_amount"), reserve)

    @property
    def schedule(self) -> Schedule:
        return Schedule(opens_at=self.cleaned_data["opens_at"], closes_at=self.cleaned_data["closes_at"])


class DutchForm(_Terms):
    """All editions at a price that falls until they are sold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._amount("start_amount", gettext("Begins at"))
        self._amount("floor_amount", gettext("Falls to"))
        self.fields["steps"] = forms.IntegerField(
            label=gettext("In so many steps"), min_value=1, max_value=200, initial=10
        )
        self.fields["minutes"] = forms.IntegerField(
            label=gettext("Minutes from one to the next"), min_value=1, max_value=10_080, initial=30
        )
        self.fields["rebates"] = forms.BooleanField(
            label=gettext("All pay the last buyer's price in the end"), required=False, initial=True
        )
        self.fields["per_buyer"] = forms.IntegerField(
            label=gettext("Most for one buyer"), required=False, min_value=1, max_value=10_000
        )
        self.fields["opens_at"] = moment_field(gettext("Opens"), gettext("UTC. From then on the price falls."))
        self.fields["opens_at"].required = True

    @property
    def terms(self) -> DutchTerms:
        given = self.cleaned_data
        return DutchTerms(
            licence=given["licence"], currency=self.currency, start_amount=self.minor("start_amount"),
            floor_amount=self.minor("floor_amount"), steps=given["steps"], step_seconds=60 * given["minutes"],
            rebates=given["rebates"],
        )  # fmt: skip

    @property
    def schedule(self) -> Schedule:
        return Schedule(opens_at=self.cleaned_data["opens_at"], per_buyer=self.cleaned_data["per_buyer"])


class MostForm(forms.Form):
    """The most that somebody would pay."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        money = Money(least, currency)
        self.fields["most"] = amount_field(
            currency, gettext("The most you would pay, in %(upper)s") % {"upper": currency.upper()}, required=True
        )
        self.fields["most"].help_text = gettext("%(money)s or more. Only what is needed to lead is bid for you.") % {
            "money": money
        }
        self.fields["most"].widget.attrs |= {"min": money.decimal, "placeholder": money.decimal}

    @property
    def most_amount(self) -> int:
        return minor_units(self.cleaned_data["most"], self.currency)
