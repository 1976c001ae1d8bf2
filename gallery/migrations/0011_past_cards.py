"""What cards were found by before they changed; and all are drawn anew, with what they are called elsewhere."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# Told a little later, when none of the version before listens any more: it would draw them as they were.
OUTDATED = """
INSERT INTO core_outboxevent (topic, actor, subject_id, attempts, last_error, due_at)
    SELECT 'card.outdated', '', id::text, 0, '', now() + interval '5 minutes'
    FROM generation_artwork WHERE visibility = 'wall'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0010_opening_cards'),
        ('core', '0003_machine_guard'),
    ]
    operations = [
        migrations.CreateModel(
            name='PastCard',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='Until when it was so.')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None)),
                ('document', django.contrib.postgres.search.SearchVectorField()),
                ('artwork', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='generation.artwork')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='gallery_past_cards')],
            },
        ),
        migrations.AlterField(
            model_name='card',
            name='document',
            field=django.contrib.postgres.search.SearchVectorField(help_text='Its words in several languages: title A, artist B, kinds C, recipe and other names D.'),
        ),
        migrations.AlterField(
            model_name='savedsearch',
            name='looked_until',
            field=models.DateTimeField(help_text='What was hung or changed up to then was looked at.'),
        ),
        migrations.RunSQL(OUTDATED, migrations.RunSQL.noop),
    ]
