"""The function behind every table whose states move only along the arrows of its machine."""

from django.db import migrations

GUARD = """
CREATE FUNCTION core_guard_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[0], ',')) THEN
        RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_moves';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit")]

    operations = [migrations.RunSQL(GUARD, "DROP FUNCTION core_guard_moves();")]
