"""Picture and words: a photograph and a sentence, what the sentence is read as, and the order."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.pages.commissions import BLANK
from gallery.pages.forms import add_problem
from gallery.pages.visitors import MemberRequest, VisitorRequest, person_of
from gallery.pages.wording_form import WordsForm
from generation import selectors as generation
from generation.engines.stylist.library import house_styles
from generation.models import Upload
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.commissions.ways import WORDS_ENGINE
from marketplace.commissions.wording import Answer, answer_sentence
from marketplace.core.errors import AtelierError, NotFound

# What people may say who do not know what to say.
EXAMPLES = (
    "a stormy sea in deep blue with thick strokes, calm and old",
    "like sunlight through a cathedral window",
    "tender watercolour, light and dreamy",
    "an old Japanese print, but not too dark",
    "pop art, loud as a comic book",
    "gold and wine red, as for a queen",
)


@require_safe
def show(request: VisitorRequest) -> HttpResponse:
    """Anybody may ask what a sentence would be; whoever is signed in may upload, look and order."""
    sentence = request.GET.get("sentence", "").strip()
    answer, problem = _answered(sentence) if sentence else (None, "")
    form = WordsForm(answer=answer, sentence=sentence) if answer else None
    return _page(request, sentence, answer, form, problem, status=422 if problem else 200)


@login_required
def order(request: MemberRequest) -> HttpResponse:
    """A good order goes on to its payment; a bad one says what is wrong and keeps what was chosen."""
    sentence = request.POST.get("sentence", "").strip()
    answer, problem = _answered(sentence)
    if answer is None:
        return _page(request, sentence, None, None, problem, status=422)
    form = WordsForm(request.POST, answer=answer, sentence=sentence)
    if form.is_valid() and (commission := _ordered(request, form)):
        return redirect("commission-pay", commission.pk)
    return _page(request, sentence, answer, form, "", status=422)


def _answered(sentence: str) -> tuple[Answer | None, str]:
    """What the sentence comes to, or why nothing."""
    try:
        return answer_sentence(sentence), ""
    except AtelierError as error:
        return None, error.detail


def _ordered(request: MemberRequest, form: WordsForm) -> Commission | None:
    listing = form.ordered_from
    if listing is None:
        form.add_error(None, gettext("The house sells no blends of its own at present: choose an artist's style."))
        return None
    brought = [str(form.cleaned_data[name]) for name in ("photograph", "request_key")]
    told = json.dumps([str(listing.pk), *brought, form.chosen], sort_keys=True)
    try:
        return services.order_commission(
            collector=request.user,
            listing_id=listing.pk,
            engine=WORDS_ENGINE,
            photograph_id=form.cleaned_data["photograph"],
            parameters=form.chosen,
            request_key=f"{request.user.pk}:words:{hashlib.sha256(told.encode()).hexdigest()}",
        )
    except AtelierError as error:
        add_problem(form, error)
        return None


def _page(
    request: VisitorRequest, sentence: str, answer: Answer | None, form: WordsForm | None, problem: str, *, status: int
) -> HttpResponse:
    photograph = _photograph(request)
    context: dict[str, Any] = {
        "sentence": sentence,
        "problem": problem,
        "examples": EXAMPLES,
        "answer": answer,
        "form": form,
        "library": list(house_styles().values()) if answer is None else [],
        "photograph": photograph,
        "blank": BLANK,
        "photograph_url": generation.upload_url(photograph) if photograph else "",
        "sign_in": f"{reverse('account_login')}?next={reverse('words')}",
        "acceptance_days": settings.ATELIER.acceptance_days,
        "most_megabytes": settings.ATELIER.upload_max_bytes // 1_000_000,
    }
    return render(request, "gallery/words.html", context, status=status)


def _photograph(request: VisitorRequest) -> Upload | None:
    """The photograph that was uploaded before the sentence was changed or the form came back."""
    person = person_of(request)
    named = request.POST.get("photograph") or request.GET.get("photograph")
    if person is None or not named:
        return None
    try:
        upload = generation.upload_by_id(UUID(named), person)
    except (NotFound, ValueError):
        return None
    return upload if upload.state == Upload.State.READY else None
