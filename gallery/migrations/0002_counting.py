"""The document that cards are found by, and what the database itself keeps of every change of cards.

Whoever writes cards, by whatever way, changes the facets' counts and the catalogue's version with them.
"""

from django.db import migrations

DOCUMENT = """
-- A text's words as written and their stems in four languages, all with one weight.
CREATE FUNCTION gallery_lexemes(given text, weight "char") RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(
        to_tsvector('pg_catalog.simple', given) || to_tsvector('pg_catalog.english', given)
        || to_tsvector('pg_catalog.german', given) || to_tsvector('pg_catalog.french', given)
        || to_tsvector('pg_catalog.spanish', given), weight)
$$;
CREATE FUNCTION gallery_document(title text, artists text, kinds text, prompt text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT gallery_lexemes(title, 'A') || gallery_lexemes(artists, 'B') || gallery_lexemes(kinds, 'C')
        || gallery_lexemes(prompt, 'D')
$$;
-- What one card counts for: everything, each facet, each word, and each facet beside each other. Artists are too many
-- to be counted beside others.
CREATE FUNCTION gallery_counted(facets text[], words text[]) RETURNS TABLE (facet text, beside text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'all', '' UNION ALL
    SELECT one, '' FROM unnest(facets) AS one UNION ALL
    SELECT 'word:' || word, '' FROM unnest(words) AS word UNION ALL
    SELECT one, other FROM unnest(facets) AS one, unnest(facets) AS other
        WHERE one <> other AND one NOT LIKE 'artist:%' AND other NOT LIKE 'artist:%'
            AND split_part(one, ':', 1) <> split_part(other, ':', 1)
$$;
"""
TRIGGERS = """
CREATE FUNCTION gallery_card_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
        INSERT INTO gallery_facetchange (facet, beside, change)
            SELECT one.facet, one.beside, count(*) FROM added, gallery_counted(facets, words) AS one GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM removed) THEN RETURN NULL; END IF;
        INSERT INTO gallery_facetchange (facet, beside, change)
            SELECT one.facet, one.beside, -count(*) FROM removed, gallery_counted(facets, words) AS one GROUP BY 1, 2;
    ELSE
        IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
        INSERT INTO gallery_facetchange (facet, beside, change)
            SELECT facet, beside, sum(change) FROM (
                SELECT one.facet, one.beside, 1 AS change
                    FROM added JOIN removed USING (artwork_id), gallery_counted(added.facets, added.words) AS one
                    WHERE (added.facets, added.words) IS DISTINCT FROM (removed.facets, removed.words)
                UNION ALL
                SELECT one.facet, one.beside, -1
                    FROM removed JOIN added USING (artwork_id), gallery_counted(removed.facets, removed.words) AS one
                    WHERE (added.facets, added.words) IS DISTINCT FROM (removed.facets, removed.words)
            ) AS changes GROUP BY facet, beside HAVING sum(change) <> 0;
    END IF;
    INSERT INTO gallery_cataloguechange DEFAULT VALUES;
    RETURN NULL;
END $$;
CREATE TRIGGER gallery_card_added AFTER INSERT ON gallery_card
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION gallery_card_changed();
CREATE TRIGGER gallery_card_removed AFTER DELETE ON gallery_card
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION gallery_card_changed();
CREATE TRIGGER gallery_card_changed AFTER UPDATE ON gallery_card
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION gallery_card_changed();
"""
UNDO = """
DROP TRIGGER gallery_card_changed ON gallery_card;
DROP TRIGGER gallery_card_removed ON gallery_card;
DROP TRIGGER gallery_card_added ON gallery_card;
DROP FUNCTION gallery_card_changed();
DROP FUNCTION gallery_counted(text[], text[]);
DROP FUNCTION gallery_document(text, text, text, text);
DROP FUNCTION gallery_lexemes(text, "char");
"""


class Migration(migrations.Migration):

    dependencies = [('gallery', '0001_cards')]
    operations = [migrations.RunSQL(DOCUMENT + TRIGGERS, UNDO)]
