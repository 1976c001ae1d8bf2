"""One's webhook endpoints: made here with the secret shown once, watched, tried, switched off, told again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest
from marketplace.accounts import selectors, services
from marketplace.accounts.models import EVENT_TYPES, EVERYTHING, WebhookEndpoint
from marketplace.core.errors import AtelierError
from marketplace.core.languages import Text

PAGE = 25
_CHOICES = [
    (code, format_lazy("{code}: {told}", code=code, told=_(told)))
    for code, told in EVENT_TYPES.items()
    if code != "ping"
]  # sent when asked for


class EndpointForm(forms.Form):
    """A new endpoint."""

    url = forms.CharField(max_length=500, label=_("Address"), help_text=_("https, on the public internet."))
    description = forms.CharField(max_length=120, required=False, label=_("What it is for"))
    event_types = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=_("It is told of"),
        choices=[(EVERYTHING, _("Everything, also what is added later")), *_CHOICES],
    )


@login_required
def index(request: MemberRequest) -> HttpResponse:
    """The endpoints, and a form for a new one."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = services.create_endpoint(owner=request.user, **form.cleaned_data)
            return _shown(request, endpoint, secret=secret)
        except AtelierError as error:
            for field, told in error.data.get("errors", {None: [error.detail]}).items():
                form.add_error(field, told)
    context = {"form": form, "endpoints": selectors.endpoints_of(request.user)}
    return render(request, "gallery/webhooks.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def show(request: MemberRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint with what was sent to it."""
    with refused_as_pages():
        return _shown(request, selectors.endpoint_of(request.user, endpoint_id))


def _shown(request: MemberRequest, endpoint: WebhookEndpoint, *, secret: str = "") -> HttpResponse:
    deliveries = selectors.deliveries_of(request.user, endpoint_id=endpoint.pk).prefetch_related("tries")
    page = Paginator(deliveries, PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    context = {"endpoint": endpoint, "secret": secret, "deliveries": page, "next": following}
    response = render(request, "gallery/webhook.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def roll(request: MemberRequest, endpoint_id: UUID) -> HttpResponse:
    """A new secret, shown on the page that answers and never again."""
    rolled = attempt(request, services.roll_secret, owner=request.user, endpoint_id=endpoint_id)
    return _shown(request, rolled[0], secret=rolled[1]) if rolled else redirect("webhook", endpoint_id)


@require_POST
@login_required
def delete(request: MemberRequest, endpoint_id: UUID) -> HttpResponse:
    """Forget it."""
    attempt(
        request,
        services.delete_endpoint,
        gettext("The endpoint is deleted."),
        owner=request.user,
        endpoint_id=endpoint_id,
    )
    return redirect("webhooks")


@require_POST
@login_required
def replay(request: MemberRequest, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One delivery once more."""
    attempt(
        request, services.replay_delivery, gettext("It is sent again."), owner=request.user, delivery_id=delivery_id
    )
    return redirect("webhook", endpoint_id)


def _button(act: Callable[..., Any], said: Text, **given: Any) -> Callable[[MemberRequest, UUID], HttpResponse]:
    """What a button of an endpoint's page does, before it leads back there."""

    @require_POST
    @login_required
    def press(request: MemberRequest, endpoint_id: UUID) -> HttpResponse:
        attempt(request, act, str(said), owner=request.user, endpoint_id=endpoint_id, **given)
        return redirect("webhook", endpoint_id)

    return press


try_out = _button(services.try_endpoint, _("A ping is on its way; look again in a moment."))
switch_on = _button(services.change_endpoint, _("The endpoint is on."), is_on=True)
switch_off = _button(services.change_endpoint, _("The endpoint is off."), is_on=False)
replay_failed = _button(services.replay_failed, _("What failed is sent again."))
