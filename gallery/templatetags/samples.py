"""How templates show what a model paints: a square of its sheet, which shows exactly what a seed gives."""

from typing import Any

from django import template
from django.utils.translation import gettext

from generation import selectors
from generation.engines.training.showing import ACROSS, CELL, SEEDS
from generation.models import TrainedModel

register = template.Library()


@register.filter
def is_shown(seed: int | None) -> bool:
    """Whether the sheet shows this seed."""
    return seed is not None and 1 <= seed <= SEEDS


@register.inclusion_tag("gallery/sample.html")
def sample(model: TrainedModel, seed: int | None = None) -> dict[str, Any]:
    """The picture that a seed gives, where the sheet shows it; without a seed the sheet's first rows."""
    sheet = selectors.samples_url(model)
    if seed is None:
        return {
            "sheet": sheet,
            "left": 0,
            "top": 0,
            "side": CELL * 4,
            "whole": CELL * ACROSS,
            "alt": gettext("By %(model)s") % {"model": model.name},
        }
    row, column = divmod(seed - 1, ACROSS)
    return {
        "sheet": sheet if is_shown(seed) else "",
        "seed": seed,
        "left": column * CELL,
        "top": row * CELL,
        "side": CELL,
        "whole": CELL * ACROSS,
        "alt": gettext("Seed %(seed)s of %(model_name)s") % {"seed": seed, "model_name": model.name},
    }
