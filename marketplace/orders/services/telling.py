"""What buyers and sellers are told of an order, in the transaction of what it tells of."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.core.languages import Text, translated_lazily
from marketplace.orders.models import Order


def tell_paid(order: Order) -> None:
    """The buyer: it is paid; of what is owned at once, that it is theirs is enough."""
    if not order.edition.release.is_series:
        return
    _tell_buyer(
        order,
        "order.paid",
        format_lazy(
            _("{order_total} paid: {order_edition} is being made for you"),
            order_total=order.total,
            order_edition=order.edition,
        ),
    )


def tell_owned(order: Order) -> None:
    """The buyer: it is theirs. The seller: it is sold. The artist of a resale: a royalty is earned."""
    _tell_buyer(order, "order.delivered", format_lazy(_("{order_edition} is yours"), order_edition=order.edition))
    key = str(order.pk)
    accounts.notify_all(
        people=[order.seller_id], kind="work.sold", key=key, link="/selling/",
        title=format_lazy(_("Sold: {edition} for {price}"), edition=order.edition, price=order.price),
    )  # fmt: skip
    if order.sale.is_resale and order.edition.release.royalty_bps:
        artist = order.edition.release.artist.user
        accounts.notify(
            person=artist,
            kind="royalty.earned",
            key=key,
            title=format_lazy(_("Resold, with a royalty: {edition}"), edition=order.edition),
        )


def tell_failed(order: Order) -> None:
    """The buyer: it came to nothing, why, and that the money goes back. The seller: that nothing is sold."""
    _tell_buyer(
        order,
        "order.failed",
        format_lazy(_("{release_title}: your money goes back"), release_title=order.edition.release.title),
        format_lazy("{reason} {total}", reason=translated_lazily(order.reason), total=order.total),
    )
    told: Text = _("The buyer gets all of the money back.")
    if not order.sale.is_resale:
        free = _("The edition is free again, and its next buyer gets another seed.")
        told = format_lazy("{told} {free}", told=told, free=free)
    accounts.notify(
        person=order.seller,
        kind="sale.failed",
        key=str(order.pk),
        title=format_lazy(_("Not sold after all: {edition}"), edition=order.edition),
        body=format_lazy("{reason} {told}", reason=translated_lazily(order.reason), told=told),
        link="/selling/",
    )


def tell_refunded(order: Order) -> None:
    """The buyer: the money is back."""
    _tell_buyer(
        order,
        "order.refunded",
        format_lazy(
            _("{order_total} refunded: {release_title}"),
            order_total=order.total,
            release_title=order.edition.release.title,
        ),
        translated_lazily(order.reason),
    )


def _tell_buyer(order: Order, kind: str, title: Text, body: Text = "") -> None:
    link = f"/orders/{order.pk}/"
    accounts.notify_all(people=[order.buyer_id], kind=kind, key=str(order.pk), title=title, body=body, link=link)
