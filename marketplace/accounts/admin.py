"""People in the back room. Entering it goes through allauth's sign-in, so that second factors and limits apply."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BooleanField, CharField, ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from marketplace.accounts import services
from marketplace.accounts.models import (
    ApiToken,
    Artist,
    Notification,
    User,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from marketplace.core.admin import WithHistory
from marketplace.core.errors import AtelierError

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
for elsewhere in (Group, EmailAddress, Authenticator):
    admin.site.unregister(elsewhere)


class ReadOnly(ModelAdmin):
    """Rows that nobody makes or edits by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class AddressInline(TabularInline):
    """A person's e-mail addresses, and which of them are confirmed."""

    model = EmailAddress
    fields = ["email", "verified", "primary"]
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("accounts.view_user")


class NewUserForm(UserCreationForm):
    """A person made by hand; they confirm their address at the first sign-in."""

    class Meta:
        model = User
        fields = ["email", "display_name"]


@admin.register(User)
class UsersAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker alone
    """Curators may correct a name; roles, addresses and passwords are for superusers, who would else be replaced."""

    form, add_form, change_password_form = UserChangeForm, NewUserForm, AdminPasswordChangeForm
    list_display = ["email", "display_name", "is_active", "is_staff", "shown_roles", "date_joined"]
    list_filter = ["is_active", "is_staff", "groups", "date_joined"]
    search_fields = ["email", "display_name", "id"]
    ordering = ["-date_joined"]
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [AddressInline]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "display_name", "tax_country", "password"]}),
        ("Roles", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Times", {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "display_name", "usable_password", "password1", "password2"]}),
    ]
    guarded_fields = ["email", "is_active", "is_staff", "is_superuser", "groups", "user_permissions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("artist").prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or request.user.is_superuser:
            return fieldsets
        # Not even a password's hash is shown to others.
        return [(None, {"fields": ["email", "display_name", "tax_country"]}), *fieldsets[1:]]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None and not request.user.is_superuser:
            kwargs["form"] = ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        guarded = [] if request.user.is_superuser else self.guarded_fields
        return [*self.readonly_fields, *guarded]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002  # Django's
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    @display(description="Roles", label=True)
    def shown_roles(self, user: User) -> list[str]:
        roles = [group.name for group in user.groups.all()]
        return ["artist", *roles] if hasattr(user, "artist") else roles


@admin.register(Group)
class GroupsAdmin(GroupAdmin, ModelAdmin):
    """Groups and what they may do."""


class StandingForm(ModelForm):  # type: ignore[type-arg]  # Django's own class takes none
    """An artist's words, and what a curator changes of their standing."""

    suspend_for = CharField(
        required=False, max_length=500, label="Suspend, because", widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="The artist reads it. Nothing of theirs can be bought from then on.",
    )  # fmt: skip
    reinstate = BooleanField(
        required=False, widget=UnfoldBooleanSwitchWidget, help_text="All that was on offer is on offer again."
    )

    class Meta:
        model = Artist
        fields = ["name", "bio"]


@admin.register(Artist)
class ArtistAdmin(WithHistory, ModelAdmin):
    """Artists. They are made by approving an application, and suspended and reinstated here."""

    form = StandingForm
    list_display = ["name", "slug", "user", "shown_state", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["user"]
    search_fields = ["name", "slug", "user__email"]
    # Works, listings and links name the artist: whose profile it is does not change.
    readonly_fields = ["user", "slug", "state", "suspended_for", "links", "created_at", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Artist | None = None) -> Any:
        told = (None, {"fields": ["name", "bio", *self.readonly_fields, "audited_changes"]})
        if obj is None or not self.has_change_permission(request, obj):
            return [told]
        return [told, ("Standing", {"fields": ["reinstate" if obj.is_suspended else "suspend_for"]})]

    def save_model(self, request: HttpRequest, obj: Artist, form: Any, change: bool) -> None:
        """The words are saved; the standing is moved by the services alone."""
        obj.save(update_fields=["name", "bio", "updated_at"])
        given: dict[str, Any] = {"curator": request.user, "artist_id": obj.pk}
        try:
            if reason := form.cleaned_data.get("suspend_for"):
                services.suspend_artist(**given, reason=reason)
            elif form.cleaned_data.get("reinstate"):
                services.reinstate_artist(**given)
        except AtelierError as error:
            messages.error(request, error.detail)

    @display(description="State", ordering="state", label={"approved": "success", "suspended": "danger"})
    def shown_state(self, artist: Artist) -> tuple[str, str]:
        return artist.state, artist.get_state_display()


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    """Keys to the API: to be seen and ended, never made or read here."""

    list_display = ["prefix", "name", "user", "shown_state", "scopes", "created_at", "last_used_at", "expires_at"]
    list_filter = ["created_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["prefix", "name", "user__email"]
    exclude = ["digest"]
    actions = ["revoke"]

    @display(description="State", label={"live": "success", "revoked": "danger"})
    def shown_state(self, token: ApiToken) -> str:
        return "revoked" if token.revoked_at else "live"

    @action(description="Revoke the selected tokens", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        ended = services.revoke_tokens(tokens=queryset)
        self.message_user(request, f"{ended} tokens revoked.")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apitoken")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnly):
    """Second factors: a lost one is deleted here so that its owner can sign in. Their secrets are not shown."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    exclude = ["data"]


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    """What people were told, and whether the mail went out."""

    list_display = ["created_at", "kind", "person", "title", "read_at", "emailed_at", "email_tries", "email_error"]
    list_filter = ["kind", ("email_error", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["person"]
    search_fields = ["person__email", "key", "title"]
    ordering = ["-id"]
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(WithHistory, ReadOnly):
    """Where integrators want to be told. Their secrets are not shown."""

    list_display = ["url", "owner", "shown_state", "failures", "last_success_at", "probe_at", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["url", "owner__email", "=id"]
    exclude = ["secret", "old_secret"]

    @display(description="State", ordering="state", label={"active": "success", "paused": "danger", "off": "warning"})
    def shown_state(self, endpoint: WebhookEndpoint) -> tuple[str, str]:
        return endpoint.state, endpoint.get_state_display()


class AttemptInline(TabularInline):
    """The tries of a delivery."""

    model = WebhookAttempt
    fields = readonly_fields = ["at", "status", "answer", "error", "milliseconds"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly):
    """What was sent to integrators, and what they answered."""

    list_display = ["created_at", "event_type", "endpoint", "shown_state", "attempts", "response_status", "due_at"]
    list_filter = ["state", "event_type", "created_at"]
    list_select_related = ["endpoint"]
    search_fields = ["=event_id", "=id", "endpoint__url"]
    ordering = ["-id"]
    inlines = [AttemptInline]
    show_full_result_count = False

    @display(
        description="State", ordering="state", label={"delivered": "success", "pending": "info", "failed": "danger"}
    )
    def shown_state(self, delivery: WebhookDelivery) -> tuple[str, str]:
        return delivery.state, delivery.get_state_display()
