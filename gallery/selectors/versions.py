"""Versions of what is shown to all: what is kept of it is kept under them, and looked for no more once they change."""

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.utils import timezone


def catalogue_version() -> str:
    """A short text that is another one after every commit that changed cards.

    It is which changes one sees: the newest of them and how many there are, so that one that was made earlier and
    committed later counts too. One query of an index and some rows; no lock, and nothing to be bumped by hand.
    """
    return _told("SELECT coalesce(max(id), 0) || '.' || count(*) FROM gallery_cataloguechange")


def work_version(artwork_id: UUID) -> str:
    """A short text that is another one whenever something on a work's page changed that is on no card.

    Its own row and its artists', the offer to paint in its style, the model that made it, how it fares while it is
    made again, whether its file was read, and what is for sale of it: each sale as it stands now, so that what the
    clock alone changes (an opening, a close, a price that falls) is another version too. One query.
    """
    version = _told(_WORK, work=artwork_id, now=timezone.now())
    return f"{version} {cache.get(_read(artwork_id), '')}"


def engines_version() -> str:
    """A short text that is another one whenever an engine is offered, at another price, or not any more."""
    return _told(_ENGINES)


def note_origin_read(artwork_id: UUID) -> None:
    """What a work's file says of itself has been read, so its page can say it."""
    cache.set(_read(artwork_id), "read", _READ_SECONDS)


def _read(artwork_id: UUID) -> str:
    return f"origin-read:{artwork_id}"


def _told(query: str, **given: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return str(cursor.fetchone()[0])


_READ_SECONDS = 24 * 3600

_ENGINES = """
    SELECT md5(string_agg(ROW(listing.*, artist.*)::text, ' ' ORDER BY listing.id))
    FROM listings_listing AS listing JOIN accounts_artist AS artist ON artist.id = listing.artist_id
    WHERE listing.engine <> ''
"""

# Whole rows, where they are small: nothing that a page comes to show of them is forgotten here.
_WORK = """
    WITH offered AS (
        SELECT sale.id FROM listings_release AS release
            JOIN listings_sale AS sale ON sale.release_id = release.id AND sale.state = 'open'
            WHERE release.artwork_id = %(work)s
        UNION SELECT sale.id FROM listings_release AS release
            JOIN listings_edition AS edition ON edition.release_id = release.id
            JOIN listings_sale AS sale ON sale.edition_id = edition.id AND sale.state = 'open'
            WHERE release.artwork_id = %(work)s
        UNION SELECT sale.id FROM listings_edition AS edition
            JOIN listings_sale AS sale ON sale.edition_id = edition.id AND sale.state = 'open'
            WHERE edition.made_id = %(work)s
    )
    SELECT md5(ROW(
        (SELECT ROW(work.visibility, work.title, work.updated_at, artist.*, style.*, account.transfers_active,
                account.payouts_enabled, model.name, model.state, model.is_held, model.updated_at, modeller.*)::text
            FROM generation_artwork AS work
            LEFT JOIN accounts_artist AS artist ON artist.id = work.artist_id
            LEFT JOIN accounts_artist AS style ON style.id = work.style_artist_id
            LEFT JOIN payments_payoutaccount AS account ON account.user_id = artist.user_id
            LEFT JOIN generation_job AS job ON job.id = work.job_id
            LEFT JOIN generation_trainedmodel AS model ON model.id = job.trained_model_id
            LEFT JOIN accounts_artist AS modeller ON modeller.id = model.artist_id
            WHERE work.id = %(work)s),
        (SELECT max(updated_at) FROM listings_listing WHERE artwork_id = %(work)s),
        (SELECT ROW(id, state, stage, progress)::text FROM generation_job
            WHERE subject_id = %(work)s AND purpose = 'check' ORDER BY id DESC LIMIT 1),
        (SELECT string_agg(ROW(sale.*, release.*, artist.*, seller.display_name, seller.email, auction.*, falling.*,
                sale.opens_at <= %(now)s, sale.allowlist_until <= %(now)s, sale.closes_at <= %(now)s,
                -- the step to which the price has fallen
                least(cardinality(falling.amounts),
                      floor(extract(epoch FROM %(now)s - sale.opens_at) / falling.step_seconds)),
                (SELECT count(*) FROM listings_edition
                    WHERE release_id = sale.release_id AND listings_edition.state = 'free'),
                (SELECT string_agg(ROW(price.*, licence.*)::text, ' ' ORDER BY price.id) FROM listings_price AS price
                    JOIN listings_licence AS licence ON licence.code = price.licence_id WHERE price.sale_id = sale.id)
            )::text, ' ' ORDER BY sale.id)
            FROM offered JOIN listings_sale AS sale ON sale.id = offered.id
            LEFT JOIN listings_edition AS edition ON edition.id = sale.edition_id
            JOIN listings_release AS release ON release.id = coalesce(sale.release_id, edition.release_id)
            JOIN accounts_artist AS artist ON artist.id = release.artist_id
            JOIN accounts_user AS seller ON seller.id = sale.seller_id
            LEFT JOIN listings_auction AS auction ON auction.sale_id = sale.id
            LEFT JOIN listings_falling AS falling ON falling.sale_id = sale.id)
    )::text)
"""
