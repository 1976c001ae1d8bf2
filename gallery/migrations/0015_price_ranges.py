"""Ranges of prices in one currency are found along an index; past cards say what they cost."""

import django.db.models.fields.json
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_language'),
        ('gallery', '0014_work_versions'),
        ('generation', '0021_audit_reviews'),
    ]

    operations = [
        migrations.AddField(
            model_name='pastcard',
            name='prices',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('eur', 'prices'), models.BigIntegerField()), condition=models.Q(('prices__has_key', 'eur')), name='gallery_card_eur'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('usd', 'prices'), models.BigIntegerField()), condition=models.Q(('prices__has_key', 'usd')), name='gallery_card_usd'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('gbp', 'prices'), models.BigIntegerField()), condition=models.Q(('prices__has_key', 'gbp')), name='gallery_card_gbp'),
        ),
    ]
