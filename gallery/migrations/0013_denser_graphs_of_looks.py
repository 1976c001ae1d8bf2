"""Graphs with more links, built by a wider search. They are built anew: for a million works that takes minutes."""

import pgvector.django.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0012_counter_notices'),
        ('generation', '0020_audit_titles'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='hunglook',
            name='gallery_hunglook_style',
        ),
        migrations.RemoveIndex(
            model_name='hunglook',
            name='gallery_hunglook_colour',
        ),
        migrations.RemoveIndex(
            model_name='hunglook',
            name='gallery_hunglook_meaning',
        ),
        migrations.AddIndex(
            model_name='hunglook',
            index=pgvector.django.indexes.HnswIndex(ef_construction=128, fields=['style'], m=24, name='gallery_hunglook_style', opclasses=['halfvec_cosine_ops']),
        ),
        migrations.AddIndex(
            model_name='hunglook',
            index=pgvector.django.indexes.HnswIndex(ef_construction=128, fields=['colour'], m=24, name='gallery_hunglook_colour', opclasses=['halfvec_cosine_ops']),
        ),
        migrations.AddIndex(
            model_name='hunglook',
            index=pgvector.django.indexes.HnswIndex(ef_construction=128, fields=['meaning'], m=24, name='gallery_hunglook_meaning', opclasses=['halfvec_cosine_ops']),
        ),
    ]
