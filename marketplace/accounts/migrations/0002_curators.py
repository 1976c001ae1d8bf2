"""The curators' group stands from the first day; what it may do in the administration is granted by later rooms."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CURATORS = "curators"


def make_group(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.get_or_create(name=CURATORS)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    # The group stays when this is undone: people are in it.
    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
