"""What was captured before shares were kept: its artists become payees, with a share each; and refunds stay within."""

from datetime import timedelta

from django.db import migrations
from django.db.models import Sum

WITHIN = """
CREATE FUNCTION payments_refunds_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint; taken timestamptz; back numeric;
BEGIN
    -- The payment's row is the lock: two refunds at once are looked at one after the other.
    SELECT amount, captured_at INTO paid, taken FROM payments_payment WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(amount), 0) INTO back FROM payments_refund
     WHERE payment_id = NEW.payment_id AND state <> 'failed';
    IF taken IS NULL OR back > paid THEN
        RAISE EXCEPTION 'refunds of % for payment % of %', back, NEW.payment_id, paid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_refunds_within AFTER INSERT OR UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refunds_within();
"""
UNDO = "DROP TRIGGER payments_refunds_within ON payments_refund; DROP FUNCTION payments_refunds_within();"
WAIT = timedelta(days=7)


def name_payees(apps, schema_editor):
    """Splits name people instead of artists, and what artists were credited is owed to the people they are."""
    Artist, Payment = apps.get_model("accounts", "Artist"), apps.get_model("payments", "Payment")
    Share, Account = apps.get_model("payments", "Share"), apps.get_model("payments", "Account")
    users = {f"artist:{pk}": user for pk, user in Artist.objects.values_list("pk", "user_id")}
    for payment in Payment.objects.exclude(splits=[]):
        old = [part for part in payment.splits if len(part) == 2]
        payment.splits = [[str(users.get(account, account)), "style", amount] for account, amount in old]
        payment.hold_seconds = int(WAIT.total_seconds())
        payment.save(update_fields=["splits", "hold_seconds"])
        if payment.captured_at is not None:
            for who, role, amount in payment.splits:
                if who != "platform" and amount:
                    release_at = payment.captured_at + WAIT
                    Share.objects.create(payment=payment, payee_id=who, role=role, amount=amount, release_at=release_at)
    for account in Account.objects.filter(code__in=users):
        rename(apps, account, f"payee:{users[account.code]}")


def rename(apps, account, code):
    """Accounts keep their names, so the balance moves to another one, by an entry like any other."""
    Account, Entry = apps.get_model("payments", "Account"), apps.get_model("payments", "Entry")
    Posting = apps.get_model("payments", "Posting")
    total = Posting.objects.filter(account=account).aggregate(total=Sum("amount"))["total"] or 0
    if not total:
        return
    other, _ = Account.objects.get_or_create(code=code, currency=account.currency, defaults={"kind": account.kind})
    entry = Entry.objects.create(kind="renamed", reference=f"{account.code}:{account.currency}")
    Posting.objects.create(entry=entry, account=account, amount=-total)
    Posting.objects.create(entry=entry, account=other, amount=total)


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_payees_and_returns"), ("accounts", "0002_curators")]

    operations = [
        migrations.RunPython(name_payees, migrations.RunPython.noop),
        migrations.RunSQL(WITHIN, UNDO),
    ]
