"""What one was told, and which of it comes by e-mail."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from gallery.pages.answering import refused_as_pages
from gallery.pages.visitors import MemberRequest
from marketplace.accounts import selectors, services
from marketplace.accounts.models import GROUPS, Notification

PAGE = 20


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The list, newest first: all of it, or what was not read; beside it the choice of e-mails."""
    unread = "unread" in request.GET
    told = selectors.notifications_of(request.user, unread=unread)
    page = Paginator(told, PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}{'&unread' if unread else ''}" if page.has_next() else ""
    context = {"told": page, "next": following, "unread": unread, "choices": selectors.email_choices_of(request.user)}
    response = render(request, "gallery/notifications.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def look(request: MemberRequest, notification_id: UUID) -> HttpResponse:
    """Go where a notification leads: from then on it is read."""
    told = Notification.objects.of(request.user).filter(pk=notification_id).first()
    if told is None:
        raise Http404
    services.mark_notifications_read(person=request.user, notification_ids=[told.pk])
    return redirect(told.link or "notifications")


@login_required
@require_safe
def bell(request: MemberRequest) -> HttpResponse:
    """The bell alone, which asks anew while a page stays open."""
    return render(request, "gallery/bell.html")


@require_POST
@login_required
def read_all(request: MemberRequest) -> HttpResponse:
    """Everything is read."""
    services.mark_notifications_read(person=request.user)
    return redirect("notifications")


@require_POST
@login_required
def choose(request: MemberRequest) -> HttpResponse:
    """Which groups come by e-mail: the boxes that are ticked."""
    for code, group in GROUPS.items():
        if not group.essential:
            services.choose_emails(person=request.user, group=code, wanted=code in request.POST.getlist("groups"))
    messages.success(request, gettext("Your choice is kept."))
    return redirect("notifications")


@csrf_exempt  # mail programs send it for their reader (RFC 8058); what it may do is in the signed link alone
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Silence a group from a mail's link: asked first, since mail scanners open links too; then done."""
    with refused_as_pages():
        _, group = services.read_unsubscribe_token(token=token)
        if request.method == "POST":
            services.unsubscribe(token=token)
    context = {"group": GROUPS.get(group), "is_done": request.method == "POST"}
    return render(request, "gallery/unsubscribe.html", context)
