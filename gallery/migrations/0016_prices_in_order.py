"""Prices by currency are in order, too: what ties is told apart by the key, as in every order of reading."""

import django.db.models.fields.json
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_language'),
        ('gallery', '0015_price_ranges'),
        ('generation', '0021_audit_reviews'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='card',
            name='gallery_card_eur',
        ),
        migrations.RemoveIndex(
            model_name='card',
            name='gallery_card_usd',
        ),
        migrations.RemoveIndex(
            model_name='card',
            name='gallery_card_gbp',
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('eur', 'prices'), models.BigIntegerField()), models.F('artwork'), name='gallery_card_eur'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('usd', 'prices'), models.BigIntegerField()), models.F('artwork'), name='gallery_card_usd'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('gbp', 'prices'), models.BigIntegerField()), models.F('artwork'), name='gallery_card_gbp'),
        ),
    ]
