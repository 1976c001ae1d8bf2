"""From what was ordered, or asked for once more, to a job."""

from generation import services as generation
from generation.models import Job, Priority
from marketplace.commissions.models import Commission, Reroll
from marketplace.commissions.ways import choose_way


def submit(commission: Commission, reroll: Reroll | None = None) -> Job:
    """Ask the engine for the commission's picture, or a re-roll's; asking twice is asking once. Raises InvalidInput.

    The collector sees previews with a watermark; the original is theirs once it is paid.
    """
    way = choose_way(commission.listing, commission.engine, with_photograph=commission.photograph_id is not None)
    asked = reroll or commission
    return generation.submit_job(
        owner=commission.collector,
        engine=commission.engine,
        parameters=asked.parameters,
        seed=asked.seed,
        trained_model=commission.trained_model,
        inputs=way.inputs(commission.listing, commission.photograph, commission.mask),
        priority=Priority.COMMISSION,
        title=commission.title_of(asked.seed),
        style_artist=commission.listing.style_artist,
        as_proof=True,
        request_key=f"commission:{commission.pk}" + (f":{reroll.number}" if reroll else ""),
    )
