"""Checks in the administration: which works were made again, and how they compared."""

from django.contrib import admin
from unfold.decorators import display

from generation.admin.truth import ReadOnlyAdmin
from generation.models import Check, SignatureState, Verdict

VERDICT_COLOURS = {Verdict.IDENTICAL: "success", Verdict.CLOSE: "success", Verdict.DIFFERENT: "danger"}
SIGNATURE_COLOURS = {
    SignatureState.TRUSTED: "success",
    SignatureState.VALID: "warning",
    SignatureState.INVALID: "danger",
    SignatureState.NONE: "info",
}


@admin.register(Check)
class CheckAdmin(ReadOnlyAdmin):
    """What came of making works again."""

    list_display = ["artwork", "shown_verdict", "shown_signature", "file_is_intact", "psnr", "created_at"]
    list_filter = ["verdict", "signature", "file_is_intact", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["artwork"]
    search_fields = ["artwork__id", "artwork__title", "job__id"]
    ordering = ["-id"]
    fields = [
        "artwork", "job", "verdict", "largest_difference", "psnr", "pixels_sha256", "file_is_intact", "signature",
        "created_at",
    ]  # fmt: skip

    @display(description="Verdict", ordering="verdict", label=VERDICT_COLOURS)
    def shown_verdict(self, check: Check) -> tuple[str, str]:
        return check.verdict, check.get_verdict_display()

    @display(description="Signature", ordering="signature", label=SIGNATURE_COLOURS)
    def shown_signature(self, check: Check) -> tuple[str, str]:
        return check.signature, check.get_signature_display()
