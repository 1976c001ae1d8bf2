"""How templates speak of trainings, models, and the rights that pictures are here by."""

from django import template

from generation.models import Consent, Job, ModelState, TrainedModel

register = template.Library()

JOB_WORDS = {
    "queued": ("Waits", "now"),
    "running": ("Learns", "now"),
    "succeeded": ("Done", "good"),
    "failed": ("Failed", "bad"),
    "cancelled": ("Stopped", ""),
}
MODEL_WORDS = {
    "draft": ("Only you see it", ""),
    "held": ("A curator looks at it first", "now"),
    "published": ("Open to all", "good"),
    "deprecated": ("No longer offered", ""),
    "withdrawn": ("Withdrawn", "bad"),
}


@register.filter
def job_words(job: Job) -> str:
    """How a training stands, in a word."""
    return JOB_WORDS[job.state][0]


@register.filter
def job_tone(job: Job) -> str:
    """The colour of its badge."""
    return JOB_WORDS[job.state][1]


@register.filter
def model_words(model: TrainedModel) -> str:
    """Whom a model is for, in a few words."""
    return MODEL_WORDS[_standing(model)][0]


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
        Consent.OWN: "made by the artist", Consent.LICENSED: "licensed for this use",
        Consent.PUBLIC_DOMAIN: "in the public domain",
    }.get(Consent(consent), consent)  # fmt: skip
