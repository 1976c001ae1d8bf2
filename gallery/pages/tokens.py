"""One's API tokens: made here, shown once, revoked here."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gallery.pages.answering import attempt
from gallery.pages.forms import TokenForm
from gallery.pages.visitors import MemberRequest
from marketplace.accounts import selectors, services
from marketplace.accounts.models import SCOPES
from marketplace.core.errors import AtelierError


@login_required
def index(request: MemberRequest) -> HttpResponse:
    """The list, and a form for a new one."""
    scopes = [(name, gettext(SCOPES[name])) for name in selectors.scopes_open_to(request.user)]
    form = TokenForm(request.POST or None, scopes=scopes)
    secret = ""
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        try:
            _, secret = services.create_token(
                user=request.user,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_in=timedelta(days=int(days)) if days else None,
            )
            form = TokenForm(scopes=scopes)
        except AtelierError as error:
            form.add_error(None, error.detail)
    context = {"form": form, "secret": secret, "tokens": selectors.tokens_of(request.user), "now": timezone.now()}
    response = render(request, "gallery/tokens.html", context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def revoke(request: MemberRequest, token_id: UUID) -> HttpResponse:
    """Make a token worthless."""
    attempt(request, services.revoke_token, gettext("The token is revoked."), user=request.user, token_id=token_id)
    return redirect("tokens")
