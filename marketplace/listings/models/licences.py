"""The licences that a house begins with; curators may add others.

The English is what binds: a certificate names the hash of its terms. Others read a translation beside it.
"""

from django.utils.translation import gettext_noop as _

# Code, title, summary, terms.
LICENCES = [
    (
        "personal",
        _("Personal"),
        _("Show it, keep it, resell it. No business with copies of it."),
        _(
            "The owner of the edition may display the work privately and in public places, on screens and in print"
            " made for their own walls, show it on their own pages and profiles with the artist's name, lend the"
            " edition for exhibition, and resell or give it away, which ends their licence. They may not sell copies,"
            " use the work in advertising or on goods, register it as a mark, or train models on it. The artist keeps"
            " the copyright."
        ),
    ),
    (
        "commercial",
        _("Commercial"),
        _("As personal, and use it in your own products, pages and advertising."),
        _(
            "All that the personal licence allows, and besides: the owner may use the work in the products, pages,"
            " publications and advertising of their own business, with the artist's name where names are given, in up"
            " to 100,000 copies. They may not sell the work by itself as a picture, file or print, register it as a"
            " mark, or train models on it. What was published while the licence stood may stay. The artist keeps the"
            " copyright."
        ),
    ),
    (
        "print",
        _("Print"),
        _("As personal, and sell up to 100 prints of it."),
        _(
            "All that the personal licence allows, and besides: the owner may make and sell up to 100 physical prints"
            " of the work, each with the artist's name and the edition's number. They may not license it on, use it in"
            " advertising, register it as a mark, or train models on it. The artist keeps the copyright."
        ),
    ),
]
