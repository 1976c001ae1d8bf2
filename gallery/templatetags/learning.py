"""How templates speak of trainings, models, and the rights that pictures are here by."""

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models import Consent, Job, ModelState, TrainedModel

register = template.Library()

JOB_WORDS = {
    "queued": (_("Waits"), "now"),
    "running": (_("Learns"), "now"),
    "succeeded": (_("Done"), "good"),
    "failed": (_("Failed"), "bad"),
    "cancelled": (_("Stopped"), ""),
}
MODEL_WORDS = {
    "draft": (_("Only you see it"), ""),
    "held": (_("A curator looks at it first"), "now"),
    "published": (_("Open to all"), "good"),
    "deprecated": (_("No longer offered"), ""),
    "withdrawn": (_("Withdrawn"), "bad"),
}


@register.filter
def job_words(job: Job) -> str:
    """How a training stands, in a word."""
    return str(JOB_WORDS[job.state][0])


@register.filter
def job_tone(job: Job) -> str:
    """The colour of its badge."""
    return JOB_WORDS[job.state][1]


@register.filter
def model_words(model: TrainedModel) -> str:
    """Whom a model is for, in a few words."""
    return str(MODEL_WORDS[_standing(model)][0])


@register.filter
def model_tone(model: TrainedModel) -> str:
    """The colour of its badge."""
    return MODEL_WORDS[_standing(model)][1]


def _standing(model: TrainedModel) -> str:
    return "held" if model.is_held and model.state == ModelState.DRAFT else model.state


@register.filter
def consent_words(consent: str) -> str:
    """By what right pictures were learnt from, as others than the artist would say it."""
    return {
        Consent.OWN: gettext("made by the artist"), Consent.LICENSED: gettext("licensed for this use"),
        Consent.PUBLIC_DOMAIN: gettext("in the public domain"),
    }.get(Consent(consent), consent)  # fmt: skip
