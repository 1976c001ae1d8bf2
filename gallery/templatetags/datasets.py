"""How templates show datasets: counts, bars, states, and what to do about a picture that cannot be used."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from generation.models import Consent, PictureState, Split
from generation.selectors import DatasetSummary

register = template.Library()

MOST_CLASSES = 12
DATASET_TONES = {"draft": "now", "freezing": "now", "frozen": "good", "withdrawn": "bad"}
PICTURE_TONES = {"broken": "errors", "refused": "errors", "held": "held", "duplicate": "held"}
AUGMENTATIONS = {
    "full": _("as much as it takes, found while it learns: so few pictures would soon be known by heart"),
    "light": _("as much as it takes, found while it learns; little is needed"),
    "none": _("none is needed: there are enough pictures"),
}
ADVICE = {
    "upload-not-an-image": _("save as JPEG, PNG, WebP or AVIF, and send again."),
    "upload-too-many-pixels": _("make smaller, and send again."),
    "upload-too-complex": _("save anew, and send again."),
    "upload-size-mismatch": _("cut short on the way; send again."),
    "upload-missing": _("never arrived; send again."),
    "upload-expired": _("never arrived; send again."),
    "object-missing": _("send again."),
    "archive-problem": _("pack the archive anew, or send the folder itself."),
    "upload-refused": _("refused by a curator; each says why."),
}


@register.filter
def pictures(number: int) -> str:
    """So many pictures, in words."""
    return ngettext("%(n)s picture", "%(n)s pictures", number) % {"n": number_format(number, force_grouping=True)}


@register.filter
def last_name(path: str) -> str:
    """A file's name without the folders that it came in."""
    return path.rpartition("/")[2]


@register.filter
def megabytes(size: int) -> str:
    """A number of bytes as people say it."""
    return f"{size // 1_000_000} MB"


@register.filter
def dataset_tone(state: str) -> str:
    """The badge's colour."""
    return DATASET_TONES[state]


@register.filter
def picture_tone(state: str) -> str:
    """The colour of what became of a picture."""
    return PICTURE_TONES.get(state, "muted")


@register.filter
def parts(summary: DatasetSummary) -> list[tuple[str, str, int]]:
    """The splits in their order, each with its words and its number."""
    return [(value, str(label), summary.splits.get(value, 0)) for value, label in Split.choices]


@register.filter
def has_classes(summary: DatasetSummary) -> bool:
    """Is there more than the class of what has none?"""
    return any(summary.classes)


@register.filter
def without_class(summary: DatasetSummary) -> int:
    """How many pictures have no class where others have different ones: they keep a model from learning any."""
    return summary.classes.get("", 0) if len(summary.classes) > 2 else 0


@register.filter
def class_bars(summary: DatasetSummary) -> list[tuple[str, int, int]]:
    """The largest classes, each with its number and how it compares with the largest, in per cent."""
    largest = max(summary.classes.values())
    shown = list(summary.classes.items())[:MOST_CLASSES]
    return [(name, number, round(100 * number / largest)) for name, number in shown]


@register.filter
def more_classes(summary: DatasetSummary) -> int:
    """How many classes are not among those shown."""
    return max(0, len(summary.classes) - MOST_CLASSES)


@register.filter
def rights(summary: DatasetSummary) -> list[tuple[str, int]]:
    """By what rights pictures are there."""
    return [(str(label), summary.consents[value]) for value, label in Consent.choices if value in summary.consents]


@register.filter
def unusable(summary: DatasetSummary) -> list[tuple[str, str, int]]:
    """What is not to be learnt from, by why: nothing of what is still being looked at."""
    others = [one for one in PictureState if one not in {PictureState.READY, PictureState.ARRIVED}]
    return [(one.value, str(one.label), summary.states[one]) for one in others if one in summary.states]


@register.filter
def augmentation_words(augmentation: str) -> str:
    """How much the pictures will be changed before a judge sees them, and why."""
    return str(AUGMENTATIONS[augmentation])


@register.filter
def advice(code: str) -> str:
    """What to do about a problem; nothing where nothing can be done."""
    return str(ADVICE.get(code, ""))
