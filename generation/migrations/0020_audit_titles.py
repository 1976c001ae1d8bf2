"""Who gave a work another title is kept in the audit log: of an artwork's row that column alone, or it would hold recipes."""

from django.db import migrations

MAKE = """
CREATE TRIGGER generation_artwork_title_audit AFTER UPDATE OF title ON generation_artwork
    FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title) EXECUTE FUNCTION core_audit_change('id', 'updated_at')
"""


class Migration(migrations.Migration):

    dependencies = [('generation', '0019_looks'), ('core', '0002_audit')]
    operations = [migrations.RunSQL(MAKE, 'DROP TRIGGER generation_artwork_title_audit ON generation_artwork')]
