"""Fields of the API for what is kept in English, and said in the language that is asked for."""

from typing import Any

from rest_framework import serializers

from marketplace.core.languages import translated


class SaidField(serializers.CharField):
    """A reason, a stage of work, a title of the house's own; read only."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told | {"read_only": True})

    def to_representation(self, value: Any) -> str:
        return translated(str(value))
