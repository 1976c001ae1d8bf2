"""What tax is on payments, and papers that get their numbers from the database and stay as they were issued."""

import django.db.models.deletion
import django.utils.timezone
import marketplace.core.ids
from django.conf import settings
from django.db import migrations, models

from marketplace.core.audit import audited

GUARDS = """
CREATE FUNCTION payments_number_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The row of the series stays locked until this commits: whoever comes next waits, and a rollback gives it back.
    INSERT INTO payments_paperseries AS series (code, last) VALUES (NEW.series, 1)
        ON CONFLICT (code) DO UPDATE SET last = series.last + 1
        RETURNING last INTO NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_paper_number BEFORE INSERT ON payments_paper
    FOR EACH ROW EXECUTE FUNCTION payments_number_paper();

CREATE FUNCTION payments_paper_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sha256 = '' AND NEW.sha256 <> ''
       AND to_jsonb(NEW) - 'sha256' - 'updated_at' = to_jsonb(OLD) - 'sha256' - 'updated_at' THEN
        RETURN NEW;  -- its file was drawn
    END IF;
    RAISE EXCEPTION '% stands as it was issued: a credit note corrects it', OLD.series || '-' || OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_paper_stands BEFORE UPDATE OR DELETE ON payments_paper
    FOR EACH ROW EXECUTE FUNCTION payments_paper_stands();
"""
UNDO = """
DROP TRIGGER payments_paper_stands ON payments_paper;
DROP FUNCTION payments_paper_stands();
DROP TRIGGER payments_paper_number ON payments_paper;
DROP FUNCTION payments_number_paper();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0012_audit_returns_and_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperSeries',
            fields=[
                ('code', models.CharField(help_text='Such as INV-2026.', max_length=20, primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'paper series',
            },
        ),
        migrations.AddField(
            model_name='payment',
            name='is_taxable',
            field=models.BooleanField(default=True, help_text='No: a tip, for which nothing is given.'),
        ),
        migrations.AddField(
            model_name='payment',
            name='paid_with',
            field=models.CharField(blank=True, help_text='For people, such as Visa ·4242.', max_length=60),
        ),
        migrations.AddField(
            model_name='payment',
            name='tax_inclusive',
            field=models.BooleanField(default=True, help_text='Whether it is in the price, or came on top.'),
        ),
        migrations.CreateModel(
            name='BillingDetails',
            fields=[
                ('id', models.UUIDField(default=marketplace.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(blank=True, help_text='On invoices; empty: the name that others see.', max_length=120)),
                ('line1', models.CharField(blank=True, help_text='Street and number.', max_length=200)),
                ('postal_code', models.CharField(blank=True, max_length=20)),
                ('city', models.CharField(blank=True, max_length=100)),
                ('region', models.CharField(blank=True, help_text='State or province, such as CA: USA and Canada.', max_length=20)),
                ('vat_id', models.CharField(blank=True, help_text="A business's VAT id, such as DE123456789.", max_length=20)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='billing_details', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SaleTax',
            fields=[
                ('id', models.UUIDField(default=marketplace.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('provider', models.CharField(help_text='Who calculated it, and has the record.', max_length=10)),
                ('country', models.CharField(max_length=2)),
                ('region', models.CharField(blank=True, max_length=20)),
                ('postal_code', models.CharField(blank=True, max_length=20)),
                ('vat_id', models.CharField(blank=True, max_length=20)),
                ('percentage', models.CharField(help_text='Such as 19.0.', max_length=12)),
                ('kind', models.CharField(blank=True, help_text='As the provider calls it: vat, sales_tax, gst …', max_length=30)),
                ('reason', models.CharField(help_text='As the provider calls it: standard_rated, reverse_charge …', max_length=40)),
                ('calculation_id', models.CharField(max_length=100, unique=True)),
                ('transaction_id', models.CharField(blank=True, max_length=100, null=True, unique=True)),
                ('line_id', models.CharField(blank=True, help_text="The record's line, which reversals name.", max_length=100)),
                ('failure', models.CharField(blank=True, help_text='Why it could not be recorded.', max_length=200)),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sale_tax', to='payments.payment')),
            ],
            options={
                'verbose_name_plural': 'taxes on sales',
            },
        ),
        migrations.CreateModel(
            name='TaxReversal',
            fields=[
                ('id', models.UUIDField(default=marketplace.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('reference', models.CharField(help_text='Why: refund:<id> or dispute:<id>.', max_length=120, unique=True)),
                ('amount', models.PositiveBigIntegerField(help_text='What went back, with the tax.')),
                ('tax_amount', models.PositiveBigIntegerField(help_text='Of that: tax.')),
                ('state', models.CharField(choices=[('requested', 'Requested'), ('made', 'Made'), ('refused', 'Refused')], default='requested', max_length=10)),
                ('stripe_id', models.CharField(blank=True, max_length=100, null=True, unique=True)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('tax', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.saletax')),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(default=marketplace.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note')], max_length=12)),
                ('series', models.CharField(max_length=20)),
                ('number', models.PositiveIntegerField(default=0, help_text='Given by the database.')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('said', models.JSONField(help_text='Seller, buyer, lines, totals, how it was paid: as drawn.')),
                ('sha256', models.CharField(blank=True, help_text='Of the file, once it is drawn.', max_length=64)),
                ('corrects', models.ForeignKey(blank=True, help_text='The invoice.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='payments.paper')),
                ('dispute', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='payments.dispute')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='payments.payment')),
                ('person', models.ForeignKey(help_text='Who paid.', on_delete=django.db.models.deletion.PROTECT, related_name='papers', to=settings.AUTH_USER_MODEL)),
                ('refund', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='payments.refund')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='payments_paper_of_person')],
                'constraints': [models.UniqueConstraint(fields=('series', 'number'), name='payments_paper_number'), models.UniqueConstraint(condition=models.Q(('kind', 'invoice')), fields=('payment',), name='payments_paper_invoice_once'), models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('dispute', None), ('kind', 'invoice'), ('refund', None)), models.Q(('corrects__isnull', False), ('dispute', None), ('kind', 'credit_note'), ('refund__isnull', False)), models.Q(('corrects__isnull', False), ('dispute__isnull', False), ('kind', 'credit_note'), ('refund', None)), _connector='OR'), name='payments_paper_kind')],
            },
        ),
        migrations.AddIndex(
            model_name='saletax',
            index=models.Index(condition=models.Q(('failure', ''), ('transaction_id', None)), fields=['updated_at'], name='payments_tax_open'),
        ),
        migrations.AddConstraint(
            model_name='saletax',
            constraint=models.CheckConstraint(condition=models.Q(('transaction_id', None), models.Q(('line_id', ''), _negated=True), _connector='OR'), name='payments_tax_recorded_has_line'),
        ),
        migrations.AddIndex(
            model_name='taxreversal',
            index=models.Index(condition=models.Q(('state', 'requested')), fields=['updated_at'], name='payments_tax_back_open'),
        ),
        migrations.AddConstraint(
            model_name='taxreversal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'made', 'refused'])), name='payments_tax_back_state'),
        ),
        migrations.AddConstraint(
            model_name='taxreversal',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('tax_amount__lte', models.F('amount'))), name='payments_tax_back_within'),
        ),
        migrations.AddConstraint(
            model_name='taxreversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), ('stripe_id__isnull', False), _connector='OR'), name='payments_tax_back_made_has_id'),
        ),
        *(audited(f"payments_{table}") for table in ("billingdetails", "saletax", "taxreversal", "paper")),
        migrations.RunSQL(GUARDS, UNDO),
    ]
