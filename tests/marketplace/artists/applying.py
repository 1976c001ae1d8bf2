"""Somebody who applies, and what they say and show."""

from typing import Any

from marketplace.accounts.models import User
from marketplace.artists import services
from marketplace.artists.models import CURRENT_TERMS, Application

PORTFOLIO = "https://vera.example.org/plots"


def said(**more: Any) -> services.Said:
    told: dict[str, Any] = {
        "name": "Vera Molnár", "statement": "Plotter drawings.", "links": [PORTFOLIO], "tax_country": "FR",
    }  # fmt: skip
    return services.Said(**told | more)


def handed_in(applicant: User, **more: Any) -> Application:
    """An application that waits for a curator."""
    application = services.write_application(applicant=applicant, said=said(**more))
    return services.submit_application(
        applicant=applicant, application_id=application.pk, terms_version=CURRENT_TERMS.version
    )
