"""The audit log, the one trigger function that writes it, and the guards that keep it as it was written."""

import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

# Arguments of a table's trigger: the primary key's column, then the columns that are never written down.
# Who acts is said in a comment before the statement: marketplace/core/audit/acting.py.
WRITE = r"""
CREATE FUNCTION core_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb; is_now jsonb; id text; who text[];
BEGIN
    IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN is_now := to_jsonb(NEW); END IF;
    id := coalesce(is_now, was) ->> TG_ARGV[0];
    was := was - TG_ARGV[1:];
    is_now := is_now - TG_ARGV[1:];
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, value) INTO was, is_now
            FROM jsonb_each(is_now) WHERE was -> key IS DISTINCT FROM value;
        IF is_now IS NULL THEN RETURN NULL; END IF;
    END IF;
    who := regexp_match(left(current_query(), 400), '^/\*by (\S+) (\S+) (.*?) \*/');
    INSERT INTO core_audit
        ("table", row_id, operation, before, after, person_id, source, request_id, transaction)
    VALUES
        (TG_TABLE_NAME, id, lower(TG_OP), was, is_now, nullif(who[1], '-')::uuid,
         coalesce(who[3], 'database ' || session_user), coalesce(left(nullif(who[2], '-'), 64), ''),
         pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;
"""
GUARD = """
CREATE FUNCTION core_audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'core_audit is written by the triggers of audited tables alone, and never changed'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_audit
    FOR EACH ROW EXECUTE FUNCTION core_audit_guard();
-- Within the trigger of an audited table the depth is 1.
CREATE TRIGGER core_audit_by_triggers BEFORE INSERT ON core_audit
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION core_audit_guard();
"""
UNDO = """
DROP TRIGGER core_audit_by_triggers ON core_audit;
DROP TRIGGER core_audit_append_only ON core_audit;
DROP FUNCTION core_audit_guard();
DROP FUNCTION core_audit_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('table', models.CharField(max_length=63)),
                ('row_id', models.CharField(max_length=64)),
                ('operation', models.CharField(help_text='insert, update or delete.', max_length=6)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('person_id', models.UUIDField(help_text='Who was signed in, if anybody.', null=True)),
                ('source', models.CharField(help_text="By what: a request, an event's handler, a chore, a command.", max_length=200)),
                ('request_id', models.CharField(help_text="The request's or message's id, as in the logs.", max_length=64)),
                ('transaction', models.BigIntegerField(help_text='What was changed together has the same number.')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'change',
                'db_table': 'core_audit',
                'indexes': [models.Index(fields=['table', 'row_id', 'id'], name='core_audit_row'), models.Index(condition=models.Q(('person_id__isnull', False)), fields=['person_id', 'id'], name='core_audit_person'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='core_audit_at')],
            },
        ),
        migrations.RunSQL(WRITE + GUARD, UNDO),
    ]
