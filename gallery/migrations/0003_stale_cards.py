"""When a card is stale: the tables below say so themselves, whoever changes them, in the transaction that does.

What changes how a hanging work is shown tells `card.stale`, once a work and transaction. A work that leaves the wall
loses its card on the spot.
"""

from django.db import migrations

MARK = """
CREATE FUNCTION gallery_mark_stale(artwork_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_outboxevent (topic, actor, subject_id, attempts, last_error, due_at)
        SELECT 'card.stale', '', id::text, 0, '', now() FROM generation_artwork AS work
        WHERE id = ANY (artwork_ids) AND visibility = 'wall'
            -- Events of this very transaction are due at its beginning; those of others may be told already.
            AND NOT EXISTS (SELECT FROM core_outboxevent WHERE done_at IS NULL AND due_at = now()
                AND topic = 'card.stale' AND subject_id = work.id::text);
    IF FOUND THEN PERFORM pg_notify('outbox', ''); END IF;
END $$;
CREATE FUNCTION gallery_works_of_sales(sale_ids uuid[]) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(DISTINCT coalesce(edition.made_id, release.artwork_id))
    FROM listings_sale AS sale
        LEFT JOIN listings_edition AS edition ON edition.id = sale.edition_id
        JOIN listings_release AS release ON release.id = coalesce(sale.release_id, edition.release_id)
    WHERE sale.id = ANY (sale_ids)
$$;
"""
WALL = """
CREATE FUNCTION gallery_artwork_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM gallery_card USING changed
            WHERE gallery_card.artwork_id = changed.id AND changed.visibility <> 'wall';
        PERFORM gallery_mark_stale(array_agg(changed.id)) FROM changed JOIN before USING (id)
            WHERE changed.visibility = 'wall' AND
                (changed.visibility, changed.hung_at, changed.title, changed.artist_id, changed.style_artist_id,
                 changed.engine, changed.medium, changed.width, changed.height, changed.duration_ms, changed.placeholder)
                IS DISTINCT FROM
                (before.visibility, before.hung_at, before.title, before.artist_id, before.style_artist_id,
                 before.engine, before.medium, before.width, before.height, before.duration_ms, before.placeholder)
            HAVING count(*) > 0;
    ELSE
        PERFORM gallery_mark_stale(array_agg(id)) FROM changed WHERE visibility = 'wall' HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gallery_artwork_made AFTER INSERT ON generation_artwork
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gallery_artwork_changed();
CREATE TRIGGER gallery_artwork_changed AFTER UPDATE ON generation_artwork
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION gallery_artwork_changed();
CREATE FUNCTION gallery_artist_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gallery_mark_stale(array_agg(work.id))
        FROM changed JOIN before USING (id)
            JOIN generation_artwork AS work ON changed.id IN (work.artist_id, work.style_artist_id)
        WHERE work.visibility = 'wall'
            AND (changed.name, changed.slug, changed.state) IS DISTINCT FROM (before.name, before.slug, before.state)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER gallery_artist_changed AFTER UPDATE ON accounts_artist
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION gallery_artist_changed();
"""
_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gallery_mark_stale({works}) FROM changed {more} HAVING count(*) > 0;
    RETURN NULL;
END $$;
"""
_TRIGGER = """
CREATE TRIGGER {name}_{verb} AFTER {verb} ON {table}
    REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""
# What a sale's terms change is shown only while it is open; opening and closing it are changes of the sale.
_OPEN = "JOIN listings_sale AS sale ON sale.id = changed.sale_id AND sale.state = 'open'"
_OF_SALE = "gallery_works_of_sales(array_agg(changed.sale_id))"
# Function, table, the works concerned, what it is joined with, after what.
SIMPLE = [
    ("gallery_file_changed", "generation_artworkfile", "array_agg(artwork_id)", "", "INSERT UPDATE DELETE"),
    ("gallery_release_changed", "listings_release", "array_agg(artwork_id)", "", "UPDATE"),
    (
        "gallery_edition_changed", "listings_edition", "array_agg(coalesce(changed.made_id, release.artwork_id))",
        "JOIN listings_release AS release ON release.id = changed.release_id", "INSERT UPDATE",
    ),
    ("gallery_sale_changed", "listings_sale", "gallery_works_of_sales(array_agg(id))", "", "INSERT UPDATE"),
    ("gallery_price_changed", "listings_price", _OF_SALE, _OPEN, "INSERT UPDATE DELETE"),
    ("gallery_auction_changed", "listings_auction", _OF_SALE, _OPEN, "INSERT UPDATE"),
    ("gallery_falling_changed", "listings_falling", _OF_SALE, _OPEN, "INSERT UPDATE"),
]  # fmt: skip


def _simple() -> tuple[str, str]:
    make = drop = ""
    for name, table, works, more, verbs in SIMPLE:
        make += _FUNCTION.format(name=name, works=works, more=more)
        for verb in verbs.split():
            side = "OLD" if verb == "DELETE" else "NEW"
            make += _TRIGGER.format(name=name, table=table, verb=verb, side=side)
            drop += f"DROP TRIGGER {name}_{verb} ON {table};\n"
        drop += f"DROP FUNCTION {name}();\n"
    return make, drop


MAKE, DROP = _simple()
UNDO = """
DROP TRIGGER gallery_artist_changed ON accounts_artist;
DROP FUNCTION gallery_artist_changed();
DROP TRIGGER gallery_artwork_changed ON generation_artwork;
DROP TRIGGER gallery_artwork_made ON generation_artwork;
DROP FUNCTION gallery_artwork_changed();
DROP FUNCTION gallery_works_of_sales(uuid[]);
DROP FUNCTION gallery_mark_stale(uuid[]);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0002_counting'),
        ('generation', '0017_placeholders'),
        ('listings', '0012_audit_editions'),
        ('core', '0003_machine_guard'),
    ]
    operations = [migrations.RunSQL(MARK + WALL + MAKE, DROP + UNDO)]
