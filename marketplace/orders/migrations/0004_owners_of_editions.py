"""What was owned as a work is owned as the one edition of it, under the personal licence, as its history says."""

from django.db import migrations


def number_works(apps, schema_editor):
    """Every owned work becomes a release of one edition."""
    Ownership, Acquisition = apps.get_model("orders", "Ownership"), apps.get_model("orders", "Acquisition")
    Release, Edition = apps.get_model("listings", "Release"), apps.get_model("listings", "Edition")
    for ownership in Ownership.objects.filter(edition=None).select_related("artwork").order_by("pk"):
        work = ownership.artwork
        release = Release.objects.create(
            artwork=work,
            artist_id=work.artist_id or work.style_artist_id,
            title=work.title or f"Untitled ({work.engine.replace('-', ' ')})",
            size=1,
            numbered=1,
        )
        edition = Edition.objects.create(release=release, number=1, state="sold")
        ownership.edition, ownership.licence_id = edition, "personal"
        ownership.save(update_fields=["edition", "licence"])
        Acquisition.objects.create(
            edition=edition, step=1, owner_id=ownership.owner_id, licence_id="personal", source=ownership.source
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_orders_of_editions")]

    operations = [migrations.RunPython(number_works, migrations.RunPython.noop)]
