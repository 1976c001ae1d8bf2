"""The forms by which works are sold: how a work is issued, what it costs, when, and to whom."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.languages import Text
from marketplace.core.money import Money
from marketplace.listings import selectors
from marketplace.listings.models import MOST_EDITIONS, MOST_ROYALTY, Licence, Sale
from marketplace.listings.services import AskedPrice, Contribution, Schedule, Terms, people_in_csv
from marketplace.listings.services.offering import MOST_DAYS
from marketplace.listings.services.releasing import USUAL_ROYALTY

USUAL_LICENCE = "personal"
MOMENT = "%Y-%m-%dT%H:%M"
ONE, LIMITED, TIMED = "one", "limited", "timed"
_SHARE = re.compile(r"^\s*(\S+)[\s,:]+(\d{1,3}(?:\.\d{1,2})?)\s*%?\s*$")


def amount_field(currency: str, label: Text, *, required: bool = False) -> forms.DecimalField:
    """A price as people write it, within the bounds of its currency."""
    decimals = Money(0, currency).decimals
    least, most = (Decimal(bound).scaleb(-decimals) for bound in settings.ATELIER.currencies[currency])
    widget = forms.NumberInput(attrs={"step": Decimal(1).scaleb(-decimals), "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=required, min_value=least, max_value=most, decimal_places=decimals, widget=widget
    )


def minor_units(amount: Decimal, currency: str) -> int:
    """50.00 euros as 5000 cents."""
    return int(amount.scaleb(Money(0, currency).decimals))


def moment_field(label: Text, help_text: Text) -> forms.DateTimeField:
    """A time, by the house's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=False, input_formats=[MOMENT], help_text=help_text, widget=widget)


def usual_first(licences: Iterable[Licence]) -> list[Licence]:
    """As forms offer them: what most people want comes first."""
    return sorted(licences, key=lambda licence: (licence.pk != USUAL_LICENCE, licence.pk))


class PricesForm(forms.Form):
    """A price for each licence in each currency; those left empty are not sold."""

    needs_one = True

    def __init__(self, *args: Any, licences: Sequence[Licence] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = selectors.licences() if licences is None else licences
        self.licences = usual_first(offered)
        self.currencies = list(settings.ATELIER.currencies)
        for licence in self.licences:
            for currency in self.currencies:
                label = gettext("%(licence)s, in %(currency)s") % {"licence": licence, "currency": currency.upper()}
                self.fields[f"price_{licence.pk}_{currency}"] = amount_field(currency, label)

    @property
    def price_rows(self) -> list[tuple[Licence, list[tuple[str, BoundField]]]]:
        """The fields by licence."""
        return [
            (licence, [(currency, self[f"price_{licence.pk}_{currency}"]) for currency in self.currencies])
            for licence in self.licences
        ]

    @property
    def prices(self) -> list[AskedPrice]:
        """What was filled in, in minor units."""
        return [
            AskedPrice(licence.pk, currency, minor_units(amount, currency))
            for licence in self.licences
            for currency in self.currencies
            if (amount := self.cleaned_data.get(f"price_{licence.pk}_{currency}")) is not None
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.needs_one and not self.errors and not self.prices:
            raise forms.ValidationError(gettext("Say what it costs, with one licence at least."))
        return cleaned


class ResaleForm(PricesForm):
    """What an owner asks for an edition."""

    closes_at = moment_field(_("Until"), _("UTC. Left empty: until it is sold, or you take it off."))
    takes_offers = forms.BooleanField(label=_("Take offers below the price"), required=False)

    @property
    def schedule(self) -> Schedule:
        return Schedule(closes_at=self.cleaned_data["closes_at"], takes_offers=self.cleaned_data["takes_offers"])


class SaleForm(PricesForm):
    """What the editions of a release cost, when, and to whom."""

    opens_at = moment_field(_("Opens"), _("UTC. Left empty: at once."))
    closes_at = moment_field(_("Closes"), _("UTC. Left empty: when everything is sold."))
    per_buyer = forms.IntegerField(label=_("Most for one buyer"), required=False, min_value=1, max_value=MOST_EDITIONS)
    takes_offers = forms.BooleanField(label=_("Take offers below the price"), required=False)
    allowlist_until = moment_field(_("Only for the list until"), _("UTC. Left empty: for everybody from the start."))
    people = forms.CharField(
        label=_("The list"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E-mail addresses, one a line; they need not be known here yet."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or as a CSV file"), required=False, help_text=_("Its first column counts."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip

    PLAIN = ("opens_at", "closes_at", "per_buyer", "takes_offers")
    LIST = ("allowlist_until", "people", "file")

    @property
    def plain_fields(self) -> list[BoundField]:
        return [self[name] for name in self.PLAIN]

    @property
    def list_fields(self) -> list[BoundField]:
        return [self[name] for name in self.LIST]

    @property
    def schedule(self) -> Schedule:
        return Schedule(**{name: self.cleaned_data[name] for name in Schedule.__dataclass_fields__})

    @property
    def listed(self) -> list[str]:
        """Everybody on the list, from the text and the file. Raises InvalidInput."""
        file = self.cleaned_data.get("file")
        from_file = people_in_csv(file.read()) if isinstance(file, UploadedFile) else []
        return [*re.findall(r"[^\s,;]+", self.cleaned_data["people"]), *from_file]


def usual_prices(seller: User) -> dict[str, Any]:
    """What the form of a new sale shows at first: what its artist usually asks."""
    usual = selectors.usual_prices_of(seller)
    return {f"price_{price.licence_id}_{price.currency}": price.money.decimal for price in usual}


def as_initial(sale: Sale) -> dict[str, Any]:
    """What the form of a sale shows at first."""
    prices = {f"price_{price.licence_id}_{price.currency}": price.money.decimal for price in sale.prices.all()}
    return prices | {name: getattr(sale, name) for name in Schedule.__dataclass_fields__}


class SellForm(SaleForm):
    """A work or a series, issued and put on sale in one go."""

    title = forms.CharField(max_length=120, label=_("Title"))
    description = forms.CharField(
        max_length=2000, required=False, label=_("About it"), widget=forms.Textarea(attrs={"rows": 3})
    )
    editions = forms.ChoiceField(
        label=_("Editions"), initial=ONE, widget=forms.RadioSelect,
        choices=[(ONE, _("One alone")), (LIMITED, _("A number of them")), (TIMED, _("As many as are sold in a time"))],
    )  # fmt: skip
    size = forms.IntegerField(label=_("How many"), required=False, min_value=2, max_value=MOST_EDITIONS)
    royalty = forms.DecimalField(
        label=_("Your part of each resale, in percent"), min_value=0, max_value=Decimal(MOST_ROYALTY) / 100,
        decimal_places=2, initial=Decimal(USUAL_ROYALTY) / 100,
    )  # fmt: skip
    contributors = forms.CharField(
        label=_("Who shares with you"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One a line: an e-mail address or an artist's address name, and percent of your part,"
            " such as “anna@example.com 10”."
        ),
    )

    def __init__(self, *args: Any, is_series: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_series:  # of a series one alone is a picture, and rather a commission
            self.fields["editions"].initial = LIMITED

    @property
    def work_fields(self) -> list[BoundField]:
        return [self[name] for name in ("title", "description", "editions", "size")]

    @property
    def share_fields(self) -> list[BoundField]:
        return [self[name] for name in ("royalty", "contributors")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("editions")
        if chosen == LIMITED and not cleaned.get("size") and "size" not in self.errors:
            self.add_error("size", gettext("How many are there?"))
        if chosen == TIMED and not cleaned.get("closes_at") and "closes_at" not in self.errors:
            self.add_error("closes_at", gettext("As many are sold as are bought until then: say when."))
        return cleaned

    def clean_contributors(self) -> list[Contribution]:
        found = []
        for line in self.cleaned_data["contributors"].splitlines():
            if not line.strip():
                continue
            read = _SHARE.match(line)
            if read is None:
                raise forms.ValidationError(gettext("“%(strip)s” is not understood.") % {"strip": line.strip()[:60]})
            found.append(Contribution(read[1], int(Decimal(read[2]) * 100)))
        return found

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        size = {ONE: 1, LIMITED: given["size"], TIMED: None}[given["editions"]]
        return Terms(
            size=size, title=given["title"], description=given["description"],
            royalty_bps=int(given["royalty"] * 100), contributors=given["contributors"],
        )  # fmt: skip


class BidForm(forms.Form):
    """What somebody would pay."""

    currency = forms.ChoiceField(label=_("Currency"))
    amount = forms.DecimalField(
        label=_("Your price"), min_value=Decimal("0.01"), max_digits=12,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    licence = forms.ChoiceField(label=_("Licence"))
    days = forms.IntegerField(label=_("It stands for so many days"), min_value=1, max_value=MOST_DAYS)
    message = forms.CharField(
        label=_("A word with it"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, licences: Sequence[Licence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currencies = [(code, code.upper()) for code in settings.ATELIER.currencies]
        self.fields["currency"].choices = currencies  # type: ignore[attr-defined]
        self.fields["licence"].choices = [(one.pk, str(one)) for one in usual_first(licences)]  # type: ignore[attr-defined]
        self.fields["days"].initial = settings.ATELIER.offer_days

    @property
    def minor(self) -> int:
        """In minor units."""
        return minor_units(self.cleaned_data["amount"], self.cleaned_data["currency"])


class AnswerForm(forms.Form):
    """Another price."""

    message = forms.CharField(required=False, max_length=500, label=_("A word with it"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"] = amount_field(
            currency, gettext("Your price, in %(upper)s") % {"upper": currency.upper()}, required=True
        )

    @property
    def minor(self) -> int:
        """In minor units."""
        return minor_units(self.cleaned_data["amount"], self.currency)
