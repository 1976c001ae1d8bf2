"""Training without a marketplace: `python -m generation.engines.training PICTURES FOLDER resolution=64 minutes=20`.

On several processes, devices or hosts `torchrun` starts the same: `torchrun --nproc-per-node 2 -m
generation.engines.training …`. FOLDER, which all hosts must see, gets checkpoint.safetensors, model.safetensors,
samples.webp and curve.json; where a checkpoint lies there already, the training goes on from it. The last line printed
is JSON. SIGTERM and SIGINT leave a checkpoint.
"""

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType

from PIL import Image

from generation.engines import registry
from generation.engines.errors import Cancelled, EngineError, UserError
from generation.engines.training import parallel
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import CHECKPOINT, TrainingContext


class Stop:
    """Whether somebody asked for the end."""

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.is_asked = True


def main() -> int:
    """Train, and return the exit status: 0, 1 where it failed or was stopped, 2 where it was asked wrongly."""
    options, stop = _options(), Stop()
    try:
        trained = _train(options, stop)
    except EngineError as error:
        fields = error.errors if isinstance(error, UserError) else {}
        for line in (error.detail, *(f"{name}: {' '.join(why)}" for name, why in fields.items())):
            _say(line)
        if isinstance(error, Cancelled):
            _say(f"Its checkpoint lies in {options.folder}.")
        return 2 if fields else 1
    if parallel.rank() == 0:
        _keep(trained, options.folder)
    parallel.end()
    return 0


def _train(options: argparse.Namespace, stop: Stop) -> Trained:
    declared = registry.declaration(options.engine)
    parameters = declared.validate_parameters(dict(map(_choice, options.choices)))
    if not isinstance(parameters, TrainingParameters):
        raise UserError(f"The engine “{options.engine}” trains nothing.", {"engine": ["Not one that trains."]})
    learner = registry.implementation(options.engine)()
    assert isinstance(learner, Learner)
    device = parallel.own_device(options.device)
    parallel.begin(device)
    context = TrainingContext(
        device=device, folder=options.folder, is_cancelled=lambda: stop.is_asked, on_progress=_tell,
        checkpoint_seconds=options.checkpoint_minutes * 60.0,
    )  # fmt: skip
    kept = options.folder / CHECKPOINT
    resume = kept if parallel.first(kept.is_file) else None
    options.folder.mkdir(parents=True, exist_ok=True)
    pictures = _pictures(options.pictures, parameters.resolution, options.folder)
    return learner.train(parameters, options.seed, pictures, context, resume)


def _pictures(place: Path, resolution: int, scratch: Path) -> PictureSet:
    """From the shards that lie in a folder, or else from the pictures below it."""
    shards = sorted(place.glob("*.tar"))
    if shards:
        found = PictureSet.from_shards(shards, resolution, scratch)
    else:
        found = PictureSet.from_folder(place, resolution, scratch)
    if parallel.rank() == 0:
        for name, why in found.broken.items():
            _say(f"{name} is left out: {why}")
    return found


def _tell(fraction: float, preview: Image.Image | None, stage: str) -> None:
    if preview is not None:
        _say(f"{fraction:.1%}, {stage}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _keep(trained: Trained, folder: Path) -> None:
    trained.samples.save(folder / "samples.webp", quality=90)
    (folder / "curve.json").write_text(json.dumps(list(trained.curve)))
    told: dict[str, object] = {
        "model": str(trained.model),
        "sha256": trained.sha256,
        "measures": dict(trained.measures),
    }
    told |= {"reason": trained.reason, "steps": trained.steps, "images": trained.images}
    sys.stdout.write(json.dumps({**told, "seconds": round(trained.seconds, 3), "processes": parallel.world()}) + "\n")


def _choice(text: str) -> tuple[str, object]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m generation.engines.training", description=__doc__)
    parser.add_argument(
        "pictures", type=Path, help="a folder of shards (*.tar), or of pictures; sub-folders are classes"
    )
    parser.add_argument("folder", type=Path, help="where checkpoint, model, samples and curve are written")
    parser.add_argument("choices", nargs="*", metavar="name=value", help="the engine's parameters")
    parser.add_argument("--engine", default="train-gan", help="which trains (train-gan)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 …")
    parser.add_argument("--checkpoint-minutes", type=float, default=5.0)
    return parser.parse_intermixed_args()


if __name__ == "__main__":
    sys.exit(main())
