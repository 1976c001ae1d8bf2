"""One job from its lease to its end. However it ends, exactly one sentence is said about it, under its lease."""

import socket
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from dramatiq.middleware import Shutdown

from generation import services
from generation.engines.errors import Cancelled, EngineError
from generation.errors import LeaseLost
from generation.models import Job
from generation.worker.engines import device
from generation.worker.keeper import LeaseKeeper
from generation.worker.making import make_work
from generation.worker.presence import worker_name
from marketplace.core.errors import AtelierError

log = structlog.get_logger(__name__)


def run_next_job(queue: str) -> UUID | None:
    """Take the next job of a queue and bring it to an end; None where there is none to take."""
    job = services.lease_job(queue=queue, worker=worker_name(), host=socket.gethostname(), device=str(device()))
    if job is None:
        return None
    assert job.lease_token is not None
    structlog.contextvars.bind_contextvars(job=str(job.pk), attempt=job.attempt)
    try:
        _run(job, job.lease_token)
    except LeaseLost:
        # Somebody else has the job, or it is over: what was made here is an orphan for the sweeper.
        log.warning("job.lease_lost", engine=job.engine)
    except Shutdown:
        services.release_job(job_id=job.pk, token=job.lease_token)
    except (OperationalError, InterfaceError) as error:
        # The database is gone and cannot be told; the lease lapses, and the job is taken back.
        log.warning("job.database_gone", error=str(error))
        close_old_connections()
    except BaseException:
        services.release_job(job_id=job.pk, token=job.lease_token)
        raise
    return job.pk


def _run(job: Job, token: UUID) -> None:
    try:
        with LeaseKeeper(job) as keeper:
            finished = make_work(job, keeper)
            services.finish_job(job_id=job.pk, token=token, finished=finished)
    except Cancelled:
        services.stop_job(job_id=job.pk, token=token)
    except EngineError as error:
        _say(job, token, error.transient, error.code, error.detail)
    except LeaseLost:
        raise
    except AtelierError as error:
        _say(job, token, error.transient, error.code, error.detail)
    except MemoryError:
        _say(job, token, True, "out-of-memory", "The machine had too little memory free just now.")
    except (OperationalError, InterfaceError) as error:
        close_old_connections()
        _say(job, token, True, "database-gone", f"The database went away ({type(error).__name__}).")
    except Exception:
        # An engine's own mistake: its words are for the log, not for the person who waits.
        log.exception("job.engine_crashed", engine=job.engine)
        _say(job, token, False, "engine-crashed", "The engine failed in a way that was not foreseen.")


def _say(job: Job, token: UUID, transient: bool, code: str, detail: str) -> None:
    tell = services.retry_job if transient else services.fail_job
    tell(job_id=job.pk, token=token, code=code, detail=detail)
