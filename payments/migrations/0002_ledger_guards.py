"""The ledger's invariants, held by the database itself: entries balance, currencies agree, nothing is rewritten."""

from django.db import migrations

BALANCE = """
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines integer; total numeric; currencies integer;
BEGIN
    SELECT count(*), coalesce(sum(p.amount), 0), count(DISTINCT a.currency)
      INTO lines, total, currencies
      FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
     WHERE p.entry_id = NEW.entry_id;
    IF total <> 0 OR lines < 2 OR currencies <> 1 THEN
        RAISE EXCEPTION 'ledger entry % does not balance: % lines, sum %, % currencies',
            NEW.entry_id, lines, total, currencies USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_entry_balances AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
"""

APPEND_ONLY = """
CREATE FUNCTION payments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: undo a mistake by a contrary entry', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_posting_append_only BEFORE UPDATE OR DELETE ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER payments_entry_append_only BEFORE UPDATE OR DELETE ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
"""

UNDO = """
DROP TRIGGER payments_entry_append_only ON payments_entry;
DROP TRIGGER payments_posting_append_only ON payments_posting;
DROP TRIGGER payments_entry_balances ON payments_posting;
DROP FUNCTION payments_append_only();
DROP FUNCTION payments_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunSQL(BALANCE + APPEND_ONLY, UNDO)]
