"""Deciding about works in the administration: the decisions of the curators' queue, and their log."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from gallery.models import LONGEST_WORDS, Decision, Reason, Verdict
from gallery.services import curating
from generation.admin.artworks import ArtworkAdmin
from generation.admin.truth import ReadOnlyAdmin
from generation.models import Artwork
from marketplace.core.admin import WithHistory
from marketplace.core.errors import AtelierError


class DecisionActionForm(ActionForm):
    """What is done, and why; the artist reads it."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), required=False, choices=[("", "-"), *Reason.choices],
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Words to the artist"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=UnfoldAdminTextInputWidget,
    )


admin.site.unregister(Artwork)


@admin.register(Artwork)
class DecidedArtworkAdmin(ArtworkAdmin):
    """Finished works; curators hang them and take them down, as in their queue."""

    actions = ["hang_selected", "take_down_selected", "undo_selected"]
    action_form = DecisionActionForm

    @admin.action(description=gettext_lazy("Hang on the wall"))
    def hang_selected(self, request: HttpRequest, artworks: QuerySet[Artwork]) -> None:
        self._do(request, artworks, lambda pk: self._decide(request, pk, Verdict.APPROVE))

    @admin.action(description=gettext_lazy("Take down, for a reason"))
    def take_down_selected(self, request: HttpRequest, artworks: QuerySet[Artwork]) -> None:
        self._do(request, artworks, lambda pk: self._decide(request, pk, Verdict.HIDE))

    @admin.action(description=gettext_lazy("Undo the last decision"))
    def undo_selected(self, request: HttpRequest, artworks: QuerySet[Artwork]) -> None:
        who: Any = request.user
        self._do(request, artworks, lambda pk: curating.undo_last_decision(artwork_id=pk, curator=who))

    def _decide(self, request: HttpRequest, pk: UUID, verdict: Verdict) -> Decision:
        who: Any = request.user  # staff alone come here
        reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
        return curating.decide(artwork_id=pk, curator=who, verdict=verdict, reason=reason, words=words)

    def _do(self, request: HttpRequest, artworks: QuerySet[Artwork], act: Callable[[UUID], Decision]) -> None:
        for artwork in artworks:
            try:
                act(artwork.pk)
                artwork.refresh_from_db(fields=["visibility"])
                messages.success(request, f"{artwork}: {artwork.get_visibility_display().lower()}.")
            except AtelierError as error:
                why = [problem for problems in error.data.get("errors", {}).values() for problem in problems]
                messages.warning(request, f"{artwork}: {' '.join([error.detail, *map(str, why)])}")


@admin.register(Decision)
class DecisionAdmin(WithHistory, ReadOnlyAdmin):
    """Every decision there was, undone ones too."""

    list_display = ["artwork", "shown_verdict", "reason", "curator", "created_at", "undone_at", "undone_by"]
    list_filter = ["verdict", "reason", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artwork", "curator", "undone_by"]
    search_fields = ["id", "artwork__id", "artwork__title", "curator__email"]
    ordering = ["-id"]
    fields = [
        "artwork", "case", "curator", "verdict", "reason", "words", "before", "after", "bulk", "undone_at",
        "undone_by", "created_at",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("Verdict"), ordering="verdict")
    def shown_verdict(self, decision: Decision) -> str:
        return decision.get_verdict_display()
