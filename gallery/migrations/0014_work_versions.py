"""Which version of a work is shown, as a function: the query is planned once a connection and not whenever it is asked.

To plan it takes ten times as long as to run it. What is read are the rows' own versions (`xmin`, the transaction that
wrote a row), so nothing that a page comes to show of them is forgotten; an answer is kept for a moment, long before a
transaction's number comes again.
"""

from django.db import migrations

WORK_VERSION = """
CREATE FUNCTION gallery_work_version(of_work uuid, at_moment timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (WITH offered AS (
        SELECT sale.id FROM listings_release AS release
            JOIN listings_sale AS sale ON sale.release_id = release.id AND sale.state = 'open'
            WHERE release.artwork_id = of_work
        UNION SELECT sale.id FROM listings_release AS release
            JOIN listings_edition AS edition ON edition.release_id = release.id
            JOIN listings_sale AS sale ON sale.edition_id = edition.id AND sale.state = 'open'
            WHERE release.artwork_id = of_work
        UNION SELECT sale.id FROM listings_edition AS edition
            JOIN listings_sale AS sale ON sale.edition_id = edition.id AND sale.state = 'open'
            WHERE edition.made_id = of_work
    )
    SELECT ROW(
        (SELECT ROW(work.xmin, card.xmin, artist.xmin, style.xmin, account.xmin, model.xmin, modeller.xmin)::text
            FROM generation_artwork AS work
            LEFT JOIN gallery_card AS card ON card.artwork_id = work.id
            LEFT JOIN accounts_artist AS artist ON artist.id = work.artist_id
            LEFT JOIN accounts_artist AS style ON style.id = work.style_artist_id
            LEFT JOIN payments_payoutaccount AS account ON account.user_id = artist.user_id
            LEFT JOIN generation_job AS job ON job.id = work.job_id
            LEFT JOIN generation_trainedmodel AS model ON model.id = job.trained_model_id
            LEFT JOIN accounts_artist AS modeller ON modeller.id = model.artist_id
            WHERE work.id = of_work),
        (SELECT string_agg(ROW(id, xmin)::text, ' ' ORDER BY id) FROM listings_listing WHERE artwork_id = of_work),
        (SELECT ROW(id, xmin)::text FROM generation_job
            WHERE subject_id = of_work AND purpose = 'check' ORDER BY id DESC LIMIT 1),
        (SELECT string_agg(ROW(
                sale.id, sale.xmin, release.xmin, artist.xmin, auction.xmin, falling.xmin,
                seller.display_name, seller.email, -- a person's row is written whenever they sign in
                sale.opens_at <= at_moment, sale.allowlist_until <= at_moment, sale.closes_at <= at_moment,
                -- the step to which the price has fallen
                least(cardinality(falling.amounts),
                      floor(extract(epoch FROM at_moment - sale.opens_at) / falling.step_seconds)),
                (SELECT count(*) FROM listings_edition AS edition
                    WHERE edition.release_id = sale.release_id AND edition.state = 'free'),
                (SELECT string_agg(ROW(price.id, price.xmin, licence.xmin)::text, ' ' ORDER BY price.id)
                    FROM listings_price AS price JOIN listings_licence AS licence ON licence.code = price.licence_id
                    WHERE price.sale_id = sale.id)
            )::text, ' ' ORDER BY sale.id)
            FROM offered JOIN listings_sale AS sale ON sale.id = offered.id
            LEFT JOIN listings_edition AS edition ON edition.id = sale.edition_id
            JOIN listings_release AS release ON release.id = coalesce(sale.release_id, edition.release_id)
            JOIN accounts_artist AS artist ON artist.id = release.artist_id
            JOIN accounts_user AS seller ON seller.id = sale.seller_id
            LEFT JOIN listings_auction AS auction ON auction.sale_id = sale.id
            LEFT JOIN listings_falling AS falling ON falling.sale_id = sale.id)
    )::text);
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_language"),
        ("gallery", "0013_denser_graphs_of_looks"),
        ("generation", "0020_audit_titles"),
        ("listings", "0012_audit_editions"),
        ("payments", "0016_refunds_given_otherwise"),
    ]

    operations = [
        migrations.RunSQL(WORK_VERSION, "DROP FUNCTION gallery_work_version(uuid, timestamptz)"),
    ]
