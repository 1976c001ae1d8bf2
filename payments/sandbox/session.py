"""What the code behind an endpoint works with: one transaction, the time, and who asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from payments.sandbox.config import Config
from payments.sandbox.parameters import Raw, Shape, read
from payments.sandbox.problems import ParameterProblem
from payments.sandbox.store import Transaction
from payments.sandbox.typed import Spec


@dataclass(kw_only=True)
class Session:
    """A piece of work in one transaction: an API call's, or the clock's own."""

    tx: Transaction
    config: Config
    now: int
    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(kw_only=True)
class Call(Session):
    """An API call: its path's identifiers and its parameters."""

    ids: Mapping[str, str] = field(default_factory=dict)
    raw: Raw = field(default_factory=dict)
    publishable: bool = False
    spec: Spec | None = None
    """What Stripe takes; None where its SDK has no such call."""

    def read(self, shape: Shape, *, required: Iterable[str] = ()) -> dict[str, Any]:
        """The parameters, checked. One that Stripe takes and the sandbox does nothing with is refused."""
        for name in self.raw:
            if self.spec is not None and name in self.spec.shape and name not in shape:
                raise ParameterProblem(f"The sandbox does nothing with the parameter {name}.", param=name)
        return read(self.raw, shape, required=required)

    def take(self, *names: str) -> dict[str, Any]:
        """The parameters of these names, as the SDK types them."""
        assert self.spec is not None
        return self.read({name: self.spec.shape[name] for name in names}, required=self.spec.required)
