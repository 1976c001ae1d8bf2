"""Owners own editions and nothing else; orders move along their arrows; history is only ever added to."""

import django.db.models.deletion
from django.db import migrations, models

from marketplace.core.machine import guarded
from marketplace.orders.models import ORDER

APPEND_ONLY = """
CREATE FUNCTION orders_history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: what was owned was owned', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER orders_acquisition_append_only BEFORE UPDATE OR DELETE ON orders_acquisition
    FOR EACH ROW EXECUTE FUNCTION orders_history_is_kept();
"""
UNDO = """
DROP TRIGGER orders_acquisition_append_only ON orders_acquisition;
DROP FUNCTION orders_history_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_owners_of_editions"), ("core", "0003_machine_guard")]

    operations = [
        migrations.RemoveField(model_name="ownership", name="artwork"),
        migrations.AlterField(
            model_name="ownership",
            name="edition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="ownership", to="listings.edition"
            ),
        ),
        migrations.AlterField(
            model_name="ownership",
            name="licence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="listings.licence"
            ),
        ),
        guarded("orders_order", ORDER),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
