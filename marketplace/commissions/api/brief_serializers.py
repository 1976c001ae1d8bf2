"""What the API of commissions by brief takes and gives."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generation.models import Upload
from marketplace.accounts.models import Artist, User
from marketplace.commissions import selectors
from marketplace.commissions.models import (
    Brief,
    BriefDispute,
    Candidate,
    CommissionTerms,
    Evidence,
    Instalment,
    Message,
    Quote,
    Revision,
)
from marketplace.core import storage

PICTURE_SECONDS = 600


class TermsIn(serializers.Serializer[CommissionTerms]):
    is_open = serializers.BooleanField()
    queue_limit = serializers.IntegerField(default=5)
    min_price_amount = serializers.IntegerField(default=1000, help_text="Minor units, such as cents.")
    licences = serializers.ListField(child=serializers.CharField(max_length=40), help_text="Codes: personal …")
    text = serializers.CharField(default="", allow_blank=True, max_length=4000)


class TermsOut(serializers.ModelSerializer[CommissionTerms]):
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    licences = serializers.SerializerMethodField()
    in_queue = serializers.SerializerMethodField(help_text="How many briefs are dealt with at present.")

    class Meta:
        model = CommissionTerms
        fields = ["artist", "is_open", "queue_limit", "in_queue", "min_price_amount", "currency", "licences", "text"]
        read_only_fields = fields

    def get_licences(self, terms: CommissionTerms) -> list[str]:
        return [licence.pk for licence in terms.licences.all()]

    def get_in_queue(self, terms: CommissionTerms) -> int:
        return selectors.in_queue(terms.artist)


class BriefIn(serializers.Serializer[Brief]):
    artist = serializers.SlugField()
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=5000)
    licence = serializers.CharField(max_length=40)
    budget_least = serializers.IntegerField(help_text="Minor units, such as cents.")
    budget_most = serializers.IntegerField()
    references = serializers.ListField(child=serializers.UUIDField(), default=list, help_text="Uploads of yours.")
    medium = serializers.ChoiceField(choices=["image", "animation"], default="image")
    width = serializers.IntegerField(default=None, allow_null=True, help_text="Wished for, in pixels.")
    height = serializers.IntegerField(default=None, allow_null=True)
    wanted_by = serializers.DateField(default=None, allow_null=True)


class MessageIn(serializers.Serializer[Message]):
    text = serializers.CharField(max_length=5000, allow_blank=True)
    attachments = serializers.ListField(child=serializers.UUIDField(), default=list, help_text="Uploads of yours.")


class OfferIn(serializers.Serializer[Quote]):
    price_amount = serializers.IntegerField(help_text="The whole, in minor units.")
    days = serializers.IntegerField(help_text="From the deposit to the first proof.")
    deposit_bps = serializers.IntegerField(default=5000, help_text="Of the price, before the work; 10,000 is all.")
    revisions = serializers.IntegerField(default=1, help_text="That are included.")
    revision_days = serializers.IntegerField(default=7)
    revision_amount = serializers.IntegerField(default=None, allow_null=True, help_text="What one more costs.")
    candidates = serializers.IntegerField(default=None, allow_null=True, help_text="Pictures by the machines, at most.")
    minutes = serializers.IntegerField(default=None, allow_null=True, help_text="Of the machines, at most.")
    uses = serializers.ListField(child=serializers.UUIDField(), default=list, help_text="Terms of lent styles.")
    note = serializers.CharField(default="", allow_blank=True, max_length=2000)
    valid_days = serializers.IntegerField(default=14)


class RecipeIn(serializers.Serializer[Candidate]):
    """By the machines with an engine, or a finished picture with `upload`."""

    engine = serializers.CharField(required=False, max_length=80)
    parameters = serializers.DictField(default=dict)
    seed = serializers.IntegerField(default=None, allow_null=True)
    uploads = serializers.DictField(
        child=serializers.UUIDField(), default=dict, help_text="By the engine's input: yours, or the collector's."
    )
    artworks = serializers.DictField(child=serializers.UUIDField(), default=dict)
    model = serializers.UUIDField(default=None, allow_null=True)
    upload = serializers.UUIDField(default=None, allow_null=True, help_text="A picture that was finished elsewhere.")
    note = serializers.CharField(default="", allow_blank=True, max_length=1000)


class ProofIn(serializers.Serializer[Brief]):
    candidate = serializers.UUIDField()
    note = serializers.CharField(default=None, allow_null=True, allow_blank=True, max_length=1000)


class ReasonIn(serializers.Serializer[Brief]):
    reason = serializers.CharField(default="", allow_blank=True, max_length=400)


class RevisionIn(serializers.Serializer[Revision]):
    text = serializers.CharField(max_length=3000)


class EvidenceIn(serializers.Serializer[Evidence]):
    text = serializers.CharField(max_length=5000)
    uploads = serializers.ListField(child=serializers.UUIDField(), default=list)


class DecisionIn(serializers.Serializer[BriefDispute]):
    refund_bps = serializers.IntegerField(help_text="Of everything paid, back to the collector; of 10,000.")
    is_delivered = serializers.BooleanField(help_text="Whether the collector has the proof.")
    text = serializers.CharField(max_length=3000, help_text="Why, for both sides.")


class PayInstalmentIn(serializers.Serializer[Instalment]):
    payment_method = serializers.CharField(required=False, max_length=100, help_text="pm_…: pays at once.")
    saved_card = serializers.BooleanField(default=False, help_text="Pay with the card that you keep here.")


class TipIn(serializers.Serializer[Instalment]):
    amount = serializers.IntegerField(help_text="Minor units; all of it is the artist's.")
    payment_method = serializers.CharField(required=False, max_length=100)


class PictureOut(serializers.ModelSerializer[Upload]):
    """A picture that somebody brought."""

    url = serializers.SerializerMethodField(help_text="For ten minutes; nothing while a curator looks at it.")

    class Meta:
        model = Upload
        fields = ["id", "filename", "width", "height", "url"]
        read_only_fields = fields

    def get_url(self, upload: Upload) -> str:
        return picture_url(upload)


class MessageOut(serializers.ModelSerializer[Message]):
    author = serializers.CharField(source="author.name", read_only=True)
    attachments = PictureOut(many=True, read_only=True)

    class Meta:
        model = Message
        fields = ["id", "author", "text", "attachments", "created_at"]
        read_only_fields = fields


class QuoteOut(serializers.ModelSerializer[Quote]):
    author = serializers.CharField(source="author.name", read_only=True)
    price = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")
    deposit_amount = serializers.IntegerField(source="deposit.amount", read_only=True)
    balance_amount = serializers.IntegerField(source="balance.amount", read_only=True)
    uses = serializers.SerializerMethodField(help_text="Lent styles and models, with what each costs.")

    class Meta:
        model = Quote
        fields = [
            "id", "author", "state", "price_amount", "price", "deposit_bps", "deposit_amount", "balance_amount", "days",
            "revision_days", "revisions", "revision_amount", "candidates", "minutes", "uses", "note", "expires_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_uses(self, quote: Quote) -> list[dict[str, Any]]:
        return [
            {"terms": str(one.pk), "title": one.title, "role": one.role, "price": one.price_words}
            for one in quote.uses.all()
        ]


class CandidateOut(serializers.ModelSerializer[Candidate]):
    job_state = serializers.CharField(source="job.state", read_only=True)
    artwork = serializers.UUIDField(source="artwork.pk", read_only=True, default=None, allow_null=True)
    preview_url = serializers.CharField(source="artwork.preview_url", read_only=True, default="")

    class Meta:
        model = Candidate
        fields = ["id", "number", "note", "job", "job_state", "artwork", "preview_url", "shown_at", "created_at"]
        read_only_fields = fields


class RevisionOut(serializers.ModelSerializer[Revision]):
    class Meta:
        model = Revision
        fields = ["id", "number", "text", "is_paid_extra", "asked_at"]
        read_only_fields = fields


class InstalmentOut(serializers.ModelSerializer[Instalment]):
    amount = serializers.IntegerField(source="payment.amount", read_only=True)
    currency = serializers.CharField(source="payment.currency", read_only=True)
    state = serializers.CharField(source="payment.state", read_only=True)
    client_secret = serializers.SerializerMethodField(help_text="For the collector alone.")

    class Meta:
        model = Instalment
        fields = ["id", "kind", "amount", "currency", "state", "client_secret", "refunded_bps", "settled_at"]
        read_only_fields = fields

    def get_client_secret(self, instalment: Instalment) -> str:
        reader = self.context.get("reader")
        return instalment.payment.client_secret if reader and reader.pk == instalment.payment.payer_id else ""


class EvidenceOut(serializers.ModelSerializer[Evidence]):
    author = serializers.CharField(source="author.name", read_only=True)
    uploads = PictureOut(many=True, read_only=True)

    class Meta:
        model = Evidence
        fields = ["id", "author", "text", "uploads", "created_at"]
        read_only_fields = fields


class DisputeOut(serializers.ModelSerializer[BriefDispute]):
    opened_by = serializers.CharField(source="opened_by.name", read_only=True)
    evidence = EvidenceOut(many=True, read_only=True)

    class Meta:
        model = BriefDispute
        fields = ["opened_by", "created_at", "evidence", "refund_bps", "is_delivered", "decision", "decided_at"]
        read_only_fields = fields


class BriefOut(serializers.ModelSerializer[Brief]):
    """A commission by brief, as one of its sides or staff see it."""

    collector = serializers.CharField(source="collector.name", read_only=True)
    artist = serializers.SlugRelatedField[Artist](slug_field="slug", read_only=True)
    quote = serializers.UUIDField(source="quote_id", read_only=True, allow_null=True)
    proof = serializers.UUIDField(source="proof_id", read_only=True, allow_null=True)
    place_in_line = serializers.SerializerMethodField(help_text="While it waits: 1 is the next.")

    class Meta:
        model = Brief
        fields = [
            "id", "title", "text", "state", "reason", "collector", "artist", "medium", "width", "height", "licence",
            "wanted_by", "budget_least", "budget_most", "currency", "quote", "proof", "revisions_used", "place_in_line",
            "answer_by", "pay_by", "due_at", "accept_by", "accepted_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_place_in_line(self, brief: Brief) -> int | None:
        return selectors.place_in_line(brief) if brief.state == Brief.State.WAITLISTED else None


class WholeBriefOut(BriefOut):
    """One commission by brief with all that belongs to it. The collector sees the candidates that were shown."""

    references = PictureOut(many=True, read_only=True)
    messages = MessageOut(many=True, read_only=True)
    quotes = QuoteOut(many=True, read_only=True)
    candidates = serializers.SerializerMethodField()
    revisions = RevisionOut(many=True, read_only=True)
    instalments = InstalmentOut(many=True, read_only=True)
    dispute = serializers.SerializerMethodField()
    refund_on_cancelling_bps = serializers.SerializerMethodField(help_text="What would go back if you cancelled now.")

    class Meta(BriefOut.Meta):
        fields = [
            *BriefOut.Meta.fields, "consents", "references", "messages", "quotes", "candidates", "revisions",
            "instalments", "dispute", "refund_on_cancelling_bps",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CandidateOut(many=True))
    def get_candidates(self, brief: Brief) -> Any:
        reader: User = self.context["reader"]
        sees_all = reader.pk != brief.collector_id
        return CandidateOut([one for one in brief.candidates.all() if sees_all or one.shown_at], many=True).data

    @extend_schema_field(DisputeOut(allow_null=True))
    def get_dispute(self, brief: Brief) -> Any:
        dispute = selectors.dispute_of(brief)
        return DisputeOut(dispute).data if dispute else None

    def get_refund_on_cancelling_bps(self, brief: Brief) -> int | None:
        if brief.state not in {Brief.State.IN_PROGRESS, Brief.State.PROOF, Brief.State.AWAITING_BALANCE}:
            return None
        side = "collector" if self.context["reader"].pk == brief.collector_id else "artist"
        return selectors.refund_on_cancelling(brief, side)


def picture_url(upload: Upload) -> str:
    """Where a picture that somebody brought can be seen for a while; nothing where a curator holds or refused it."""
    if upload.state != Upload.State.READY:
        return ""
    return storage.presigned_get(upload.key, expires=PICTURE_SECONDS)
