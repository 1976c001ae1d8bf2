"""The forms by which somebody applies, and by which an artist runs their profile and shop."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from gallery.pages.sale_forms import PricesForm
from generation.engines.base import InputSpec
from generation.models import Artwork
from marketplace.artists.models import MOST_PICTURES, Application
from marketplace.core.countries import country_choices
from marketplace.core.languages import Text
from marketplace.listings.models import MOST_LENT

_SENT = gettext_noop("They are sent as you choose them.")
PORTFOLIO = InputSpec(
    name="portfolio", title=gettext_noop("Pictures of yours"), help=_SENT, required=False, many=True, most=MOST_PICTURES
)
PORTRAIT = InputSpec(
    name="portrait",
    title=gettext_noop("Another portrait"),
    help=gettext_noop("The middle square of it is shown."),
    required=False,
)


class LinksField(forms.CharField):
    """Addresses, one a line."""

    def __init__(self, **more: Any) -> None:
        told = {"rows": 3, "placeholder": "https://", "spellcheck": "false", "autocapitalize": "off"}
        super().__init__(required=False, max_length=2800, widget=forms.Textarea(attrs=told), **more)

    def clean(self, value: Any) -> Any:
        return super().clean(value).split()

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def country_field(label: Text, help_text: Text = "") -> forms.ChoiceField:
    """A country of ISO 3166."""
    return forms.ChoiceField(label=label, help_text=help_text, choices=_countries, required=False)


def _countries() -> list[tuple[str, str]]:
    """Asked anew for each form: their names are the reader's language's."""
    return [("", gettext("Choose a country")), *country_choices()]


class ApplicationForm(forms.Form):
    """What an applicant says and shows."""

    name = forms.CharField(max_length=80, label=_("Your name as an artist"))
    statement = forms.CharField(
        max_length=4000,
        required=False,
        label=_("What do you make, and how?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Curators read this. A few sentences say more than many."),
    )
    links = LinksField(label=_("Where more of it can be seen"), help_text=_("Whole addresses, one a line."))
    tax_country = country_field(_("Where you are taxed"), _("You will be paid there."))

    def __init__(self, *args: Any, works: Iterable[Artwork], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.works = list(works)
        if self.works:
            offered = [(str(work.pk), work.display_title) for work in self.works]
            self.fields["artworks"] = forms.MultipleChoiceField(choices=offered, required=False)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "statement", "links", "tax_country")]

    @property
    def shown_works(self) -> list[tuple[Artwork, bool]]:
        """Works that may be shown, and whether they are."""
        chosen = self["artworks"].value() or [] if self.works else []
        return [(work, str(work.pk) in chosen) for work in self.works]


def as_written(application: Application) -> dict[str, Any]:
    """What the form of an application that was begun shows."""
    plain = {name: getattr(application, name) for name in ("name", "statement", "links", "tax_country")}
    return plain | {"artworks": [str(work.pk) for work in application.artworks.all()]}


class ProfileForm(forms.Form):
    """What everybody reads of an artist."""

    name = forms.CharField(max_length=80, label=_("Your name as an artist"))
    bio = forms.CharField(
        max_length=2000, required=False, label=_("About you"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you make, and how."),
    )  # fmt: skip
    links = LinksField(
        label=_("Your links"), help_text=_("Whole addresses of your own site and where people meet, one a line.")
    )
    without_portrait = forms.BooleanField(label=_("Show no portrait"), required=False)


class UsualPricesForm(PricesForm):
    """What a new sale costs at first; none is none."""

    needs_one = False


class CountryForm(forms.Form):
    """Where an artist is taxed."""

    tax_country = country_field(_("Where you are taxed"), _("Once your payout account is open, its country."))


class LendForm(forms.Form):
    """A style to be lent, at a share of what others get for what they make with it."""

    artwork = forms.ChoiceField(label=_("The style of"))
    share = forms.DecimalField(
        label=_("For, in percent of what the seller gets"),
        min_value=Decimal("0.01"),
        max_value=Decimal(MOST_LENT) / 100,
        decimal_places=2,
        initial=10,
    )

    def __init__(self, *args: Any, works: Iterable[Artwork], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(work.pk), work.display_title) for work in works]
        self.fields["artwork"].choices = offered  # type: ignore[attr-defined]  # of a choice

    @property
    def share_bps(self) -> int:
        return int(self.cleaned_data["share"] * 100)
