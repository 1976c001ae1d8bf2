"""Applications in the back room: read with everything that was shown, decided, and undone."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from generation import selectors as generation
from marketplace.accounts.models import User
from marketplace.artists import services
from marketplace.artists.models import APPLICATION, Application, Portrait
from marketplace.core.admin import WithHistory
from marketplace.core.countries import country_name
from marketplace.core.errors import AtelierError

COLOURS = {
    "submitted": "warning", "approved": "success", "rejected": "danger", "changes_asked": "info",
}  # fmt: skip
DECISIONS = {
    "approve": "Approve: they are an artist of the house",
    "ask_changes": "Ask for a change first",
    "reject": "Turn it down",
    "reopen": "Undo the decision: it waits again",
}


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes none
    """What a curator decides; the row is moved by the services alone."""

    decision = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    words = forms.CharField(
        required=False, max_length=2000, label="In your words", widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="The applicant reads them. Needed to turn it down, or to ask for a change.",
    )  # fmt: skip

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [(name, said) for name, said in DECISIONS.items() if APPLICATION.allows(name, self.instance.state)]
        self.fields["decision"].choices = [("", "Not yet decided"), *possible]  # type: ignore[attr-defined]  # of a choice

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("decision") in {"reject", "ask_changes"} and not said.get("words", "").strip():
            self.add_error("words", "Say why.")
        return said


@admin.register(Application)
class ApplicationAdmin(WithHistory, ModelAdmin):
    """Applications to be an artist, those first that wait longest."""

    form = DecisionForm
    list_display = ["name", "applicant", "shown_state", "shown_country", "submitted_at", "decided_by", "decided_at"]
    list_filter = ["state", "submitted_at"]
    list_select_related = ["applicant", "decided_by"]
    search_fields = ["name", "applicant__email", "statement"]
    ordering = ["decided_at", "submitted_at"]
    readonly_fields = [
        "name", "applicant", "state", "statement", "shown_links", "shown_pictures", "shown_country",
        "terms_version", "terms_agreed_at", "submitted_at", "decided_by", "decided_at", "reason", "artist",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        shown: QuerySet[Application] = super().get_queryset(request)
        return shown.exclude(state="draft")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or any(APPLICATION.allows(name, obj.state) for name in DECISIONS))

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        told = (None, {"fields": [*self.readonly_fields, "audited_changes"]})
        if not self.has_change_permission(request, obj):
            return [told]
        return [("Decide", {"fields": ["decision", "words"]}), told]

    def save_model(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        """Nothing of the row itself is changed here."""
        decision, words = form.cleaned_data["decision"], form.cleaned_data["words"]
        given: dict[str, Any] = {"curator": cast("User", request.user), "application_id": obj.pk}
        try:
            if decision == "approve":
                services.approve_application(**given, note=words)
            elif decision == "reopen":
                services.reopen_application(**given)
            elif decision == "reject":
                services.reject_application(**given, reason=words)
            else:
                services.ask_changes(**given, reason=words)
        except AtelierError as error:
            messages.set_level(request, messages.ERROR)  # not that it was changed
            messages.error(request, error.detail)

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, application: Application) -> tuple[str, str]:
        return application.state, application.get_state_display()

    @display(description="Taxed in", ordering="tax_country")
    def shown_country(self, application: Application) -> str:
        return country_name(application.tax_country)

    @display(description="Links")
    def shown_links(self, application: Application) -> str:
        return format_html_join(
            "", '<p><a class="text-primary-600" rel="noopener nofollow" target="_blank" href="{0}">{0}</a></p>',
            ((link,) for link in application.links),
        )  # fmt: skip

    @display(description="Pictures")
    def shown_pictures(self, application: Application) -> str:
        sent = [(generation.upload_url(one), one.filename) for one in application.uploads.ready()]
        made = [
            (url, work.display_title)
            for work in application.artworks.prefetch_related("files")
            if (url := work.preview_url(at_least=400))
        ]
        picture = '<a href="{0}" target="_blank"><img src="{0}" alt="{1}" style="height:9rem;width:auto"></a>'
        pictures = format_html_join("", picture, sent + made)
        return format_html('<div style="display:flex;flex-wrap:wrap;gap:.5rem">{}</div>', pictures)


@admin.register(Portrait)
class PortraitAdmin(WithHistory, ModelAdmin):
    """Artists' portraits: to be seen, and taken away where one should not be shown."""

    list_display = ["artist", "shown", "updated_at"]
    list_select_related = ["artist"]
    search_fields = ["artist__name", "artist__slug"]
    fields = readonly_fields = ["artist", "shown", "updated_at"]
    actions = ["take_away"]

    @display(description="Picture")
    def shown(self, portrait: Portrait) -> str:
        return format_html('<img src="{}" alt="" style="height:4rem;width:4rem">', portrait.url)

    @action(description="Take the selected portraits away", permissions=["take"])
    def take_away(self, request: HttpRequest, queryset: QuerySet[Portrait]) -> None:
        for portrait in queryset.select_related("artist"):
            try:
                services.remove_portrait(curator=cast("User", request.user), artist=portrait.artist)
            except AtelierError as error:
                messages.error(request, error.detail)

    def has_take_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("artists.change_portrait")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
