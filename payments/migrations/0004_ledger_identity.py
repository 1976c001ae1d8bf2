"""Two more of the ledger's invariants: no entry without postings, and an account that was posted to keeps its name.

A posting's currency is its account's; were that changed later, books that balanced would no longer do so.
"""

from django.db import migrations

NO_EMPTY_ENTRY = """
CREATE FUNCTION payments_entry_has_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_posting WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger entry % does not balance: no lines', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_entry_has_postings AFTER INSERT ON payments_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_has_postings();
"""

FIXED_ACCOUNT = """
CREATE FUNCTION payments_account_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'account % is append-only: postings rely on its code, kind and currency', OLD.code
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_account_is_fixed BEFORE UPDATE ON payments_account
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION payments_account_is_fixed();
"""

UNDO = """
DROP TRIGGER payments_account_is_fixed ON payments_account;
DROP FUNCTION payments_account_is_fixed();
DROP TRIGGER payments_entry_has_postings ON payments_entry;
DROP FUNCTION payments_entry_has_postings();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_call_answers_webhook_errors")]

    operations = [migrations.RunSQL(NO_EMPTY_ENTRY + FIXED_ACCOUNT, UNDO)]
