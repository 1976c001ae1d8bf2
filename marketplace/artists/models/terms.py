"""What artists agree to when they apply. Other words are another version: who agreed to which is kept."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ArtistTerms:
    """One version of the terms."""

    version: str
    points: tuple[str, ...]


CURRENT_TERMS = ArtistTerms(
    version="2026-11",
    points=(
        _(
            "What you publish is yours to publish: you made it, or had it made by engines and models that you may use,"
            " from pictures that you have the rights to."
        ),
        _("You keep your copyright. Buyers get the licence that they bought, and editions are as many as you said."),
        _(
            "The house keeps its part of each sale, which is shown before you sell. The rest is yours, less the parts"
            " of others whose style or model is in the work."
        ),
        _(
            "You are paid by our payment provider, once it knows you, and after a holding period in which buyers can"
            " be refunded. Your taxes are yours to declare in the country that you name."
        ),
        _(
            "Works say that machines made them, and how. You do not take that out, nor pass off the hand of somebody"
            " else."
        ),
        _(
            "Curators may take down what breaks these terms or the law, and suspend you, and say why. What you earned"
            " until then stays yours."
        ),
    ),
)
