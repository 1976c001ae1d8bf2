"""Gathering signals: what people who count did lately with works that are not theirs.

Who counts: an account with a proved e-mail address that is older than `ESTABLISHED`. Whom a work is not counted from,
however established they are: its artist, its style's artist, whoever had it made, a contributor who is paid of it, its
seller, whoever pays with the same card as one of its artists, and whom they gave works or who gave works to them.
"""

from datetime import datetime, timedelta

from django.db import connection

from gallery.services.trending.scoring import Signal

ESTABLISHED = timedelta(days=14)
_SIGNALS = """
WITH done AS (
    SELECT o.buyer_id AS person, coalesce(e.made_id, r.artwork_id) AS artwork, 'sale' AS kind, o.paid_at AS at,
           o.seller_id AS seller, e.release_id AS release
    FROM orders_order AS o JOIN listings_edition AS e ON e.id = o.edition_id
    JOIN listings_release AS r ON r.id = e.release_id
    WHERE o.state IN ('paid', 'making', 'owned') AND o.paid_at > %(since)s
  UNION ALL
    SELECT b.bidder_id, coalesce(e.made_id, r.artwork_id), 'bid', b.created_at, s.seller_id, e.release_id
    FROM listings_bid AS b JOIN listings_auction AS a ON a.id = b.auction_id
    JOIN listings_sale AS s ON s.id = a.sale_id JOIN listings_edition AS e ON e.id = s.edition_id
    JOIN listings_release AS r ON r.id = e.release_id
    WHERE b.struck_at IS NULL AND b.created_at > %(since)s
  UNION ALL
    SELECT c.owner_id, i.artwork_id, 'save', i.added_at, NULL, NULL
    FROM gallery_collectionitem AS i JOIN gallery_collection AS c ON c.id = i.collection_id
    WHERE i.added_at > %(since)s
  UNION ALL
    SELECT v.person_id, v.artwork_id, 'view', v.first_at, NULL, NULL
    FROM gallery_seen AS v WHERE v.first_at > %(since)s
), established AS (
    SELECT u.id FROM accounts_user AS u
    WHERE u.is_active AND u.date_joined <= %(joined)s AND u.id IN (SELECT person FROM done)
      AND EXISTS (SELECT FROM account_emailaddress AS m WHERE m.user_id = u.id AND m.verified)
), counted AS (
    SELECT done.*, w.maker_id, artist.user_id AS artist_user, style.user_id AS style_user
    FROM done JOIN established ON established.id = done.person
    JOIN generation_artwork AS w ON w.id = done.artwork AND w.visibility = 'wall'
    LEFT JOIN accounts_artist AS artist ON artist.id = w.artist_id
    LEFT JOIN accounts_artist AS style ON style.id = w.style_artist_id
), dealers AS (  -- pairs of one who did something and one whom it would serve
    SELECT DISTINCT person, dealer FROM counted
    CROSS JOIN LATERAL (VALUES (artist_user), (style_user), (maker_id), (seller)) AS theirs (dealer)
    WHERE dealer IS NOT NULL
), linked AS (
    SELECT person, dealer FROM dealers WHERE person = dealer
  UNION
    SELECT d.person, d.dealer FROM dealers AS d
    JOIN payments_customer AS mine ON mine.user_id = d.person JOIN payments_savedcard AS m ON m.customer_id = mine.id
    JOIN payments_customer AS yours ON yours.user_id = d.dealer
    JOIN payments_savedcard AS y ON y.customer_id = yours.id
         AND (y.brand, y.last4, y.expires) = (m.brand, m.last4, m.expires)
  UNION
    SELECT d.person, d.dealer FROM dealers AS d JOIN orders_gift AS g ON g.state = 'accepted'
         AND (d.dealer, d.person) IN ((g.giver_id, g.recipient_id), (g.recipient_id, g.giver_id))
)
SELECT person, artwork, kind, at FROM counted AS c
WHERE NOT EXISTS (SELECT FROM linked AS l WHERE l.person = c.person
                  AND l.dealer IN (c.artist_user, c.style_user, c.maker_id, c.seller))
  AND NOT EXISTS (SELECT FROM listings_contributor AS k JOIN listings_release AS r ON r.id = k.release_id
                  WHERE k.user_id = c.person AND (r.artwork_id = c.artwork OR r.id = c.release))
"""


def signals_since(since: datetime, now: datetime) -> list[Signal]:
    """What counts, done after `since`; of works that hang."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGNALS, {"since": since, "joined": now - ESTABLISHED})
        return [Signal(*row) for row in cursor.fetchall()]
