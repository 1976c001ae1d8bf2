"""`python -m generation.worker.studio`: started by a worker, which alone speaks to it, over an inherited socket.

Two threads: one listens, the other makes. When the worker goes away, so does the studio.
"""

import argparse
import os
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Thread, Timer
from typing import Any

import structlog
import torch

from generation.engines import registry
from generation.engines.errors import EngineError
from generation.engines.style.features import vgg19
from generation.worker.studio.devices import claim_device, memory_of
from generation.worker.studio.maker import Maker
from generation.worker.studio.shelf import Shelf
from generation.worker.studio.wire import Message, Wire

log = structlog.get_logger(__name__)
LAST_SECONDS = 3.0


def main() -> None:
    """Say that we are ready, then make what is asked for until the worker hangs up."""
    options = _options()
    wire = Wire(options.socket)
    for where in options.engine:
        registry.register(where)
    if options.threads:
        torch.set_num_threads(options.threads)
    device = claim_device(options.device, options.folder / "devices")
    if options.vgg:
        # beside everything else: a download takes as long as it takes, and all but masterpieces go without
        Thread(target=_keep_vgg, args=(options.folder / "weights", options.vgg), name="vgg", daemon=True).start()
    maker = Maker(
        wire, Shelf(device, options.budget or _budget(device), options.folder / "weights"), options.folder / "prints"
    )
    orders: SimpleQueue[Message | None] = SimpleQueue()
    Thread(target=_listen, args=(wire, maker, orders), name="listener", daemon=True).start()
    wire.send("ready", device=str(device), torch=torch.__version__, memory=memory_of(device))
    while (order := orders.get()) is not None:
        try:
            carry_out = maker.remember if order.kind == "remember" else maker.make
            carry_out(order)
        except OSError:
            break  # the worker is gone while we told it something


def _listen(wire: Wire, maker: Maker, orders: "SimpleQueue[Message | None]") -> None:
    try:
        while True:
            message = wire.receive()
            if message.kind == "stop":
                maker.call_off(message.fields["order"], message.fields["job"])
            else:
                orders.put(message)
    except (EOFError, OSError):
        maker.call_off_all()
        orders.put(None)
        # An engine that does not look whether it should stop must not outlive its worker.
        Timer(LAST_SECONDS, os._exit, (1,)).start()


def _keep_vgg(folder: Path, source: str) -> None:
    """Have VGG-19's weights ready for whoever looks for them; without them another network is taken."""
    try:
        log.info("studio.vgg_kept", file=str(vgg19.provide(folder, source)))
    except EngineError as error:
        log.warning("studio.vgg_missing", why=error.detail)


def _budget(device: torch.device) -> int:
    """Half of a GPU's memory for networks, the other half for what they make; on a processor 2 GB."""
    _, total = memory_of(device)
    return total // 2 or 2_000_000_000


def _options() -> Any:
    parser = argparse.ArgumentParser(prog="studio", description=__doc__)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--budget", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--vgg", default="")
    parser.add_argument("--engine", action="append", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
    sys.stderr.flush()
    # Threads of engines and of torch may still be about: there is nothing left to tidy.
    sys.exit(0)
