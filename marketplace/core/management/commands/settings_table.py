"""`manage.py settings_table`: draws docs/configuration.md from the settings' own class."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from pydantic import SecretStr
from pydantic.fields import FieldInfo

HEAD = """# Configuration

Everything Atelier reads from its environment, drawn from `marketplace/environment.py` by `make docs`. A value
that is missing or malformed stops the start with its name. `make run` sets all of this by itself.

| variable | default | meaning |
|---|---|---|"""


class Command(BaseCommand):
    help = "Print the table of environment variables as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(HEAD)
        for name, field in type(settings.ATELIER).model_fields.items():
            self.stdout.write(f"| `{name.upper()}` | {_default(field)} | {field.description} |")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return f"`{str(shown).lower() if isinstance(shown, bool) else shown}`" if shown not in ("", []) else "empty"
