"""The trainer ends where it must, and what is stopped or killed goes on as if nothing had happened."""

import shutil
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
import torch

from generation.engines.errors import Cancelled, InvalidInputs, ModelUnusable, TrainingDiverged
from generation.engines.training import checkpoint
from generation.engines.training.average import MovingAverage
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import CHECKPOINT, Trainer
from tests.generation.engines.training.learning import CPU, SMALL, Tiny, TinyLearner, context, learn, paint_pictures

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def pictures(folder: Path) -> PictureSet:
    return PictureSet.from_folder(folder, 32)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory, pictures: PictureSet) -> str:
    return learn(tmp_path_factory.mktemp("whole"), pictures)


def trainer(folder: Path, pictures: PictureSet, **chosen: object) -> Trainer:
    torch.manual_seed(3)
    parameters = SMALL.model_copy(update=chosen)
    return Trainer(Tiny(parameters, Facts(pictures=len(pictures.train)), CPU), pictures, 3, context(folder))


@pytest.mark.parametrize("lines", [1, 7, 16])
def test_a_killed_training_ends_with_the_same_model(
    tmp_path: Path, folder: Path, pictures: PictureSet, uninterrupted: str, lines: int
) -> None:
    work = tmp_path / "killed"
    command = [sys.executable, "-m", "tests.generation.engines.training.learning", str(folder), str(work)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert len(list(islice(process.stdout, lines))) == lines
        process.send_signal(signal.SIGKILL)
    assert not (work / "model.safetensors").exists()
    kept = shutil.copy(work / CHECKPOINT, tmp_path / "kept.safetensors")
    assert learn(work, pictures, resume=Path(kept)) == uninterrupted


def test_a_training_that_is_called_off_leaves_a_checkpoint_to_go_on_from(
    tmp_path: Path, pictures: PictureSet, uninterrupted: str
) -> None:
    answers = iter([False] * 5 + [True])
    with pytest.raises(Cancelled):
        learn(tmp_path, pictures, is_cancelled=lambda: next(answers))
    assert checkpoint.read(tmp_path / CHECKPOINT).notes["progress"]["step"] == 6
    assert learn(tmp_path, pictures, resume=tmp_path / CHECKPOINT) == uninterrupted


def test_one_seed_gives_one_model_and_another_seed_another(
    tmp_path: Path, pictures: PictureSet, uninterrupted: str
) -> None:
    assert learn(tmp_path / "again", pictures) == uninterrupted
    other = TinyLearner().train(SMALL, 4, pictures, context(tmp_path / "other"))
    assert other.sha256 != uninterrupted


def test_a_batch_in_pieces_moves_the_weights_as_the_whole_does(
    tmp_path: Path, pictures: PictureSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tiny, "noise", 0.0)
    whole, pieces = trainer(tmp_path / "whole", pictures), trainer(tmp_path / "pieces", pictures, accumulate=4)
    whole.run()
    pieces.run()
    for ours, theirs in zip(whole.method.kept.parameters(), pieces.method.kept.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_the_budget_in_pictures_ends_it(tmp_path: Path, pictures: PictureSet) -> None:
    run = trainer(tmp_path, pictures)
    assert run.run() == "images"
    assert (run.progress.images, run.progress.step) == (160, 20)
    assert [point["images"] for point in run.progress.points] == [80, 160]
    assert all(point["validation"] > 0 for point in run.progress.points)


def test_the_curve_has_points_before_the_first_validation(tmp_path: Path, pictures: PictureSet) -> None:
    run = trainer(tmp_path, pictures, images=6400, batch_size=32, validate_every=100_000)
    run.run()
    shown = [int(point["images"]) for point in run.progress.points]
    assert shown[:3] == [512, 1024, 1536]
    assert 20 > len(shown) > 10
    assert [int(point["images"]) for point in run.progress.points if "validation" in point] == [6400]


def test_somebody_who_looks_on_changes_nothing(
    tmp_path: Path, pictures: PictureSet, uninterrupted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.engines.training.trainer.LOOK_EVERY", 0.0)
    monkeypatch.setattr("generation.engines.training.trainer._LOOK_SHARE", 0)
    seen: list[bool] = []
    sha256 = learn(tmp_path, pictures, on_progress=lambda fraction, preview, stage: seen.append(preview is not None))
    assert sha256 == uninterrupted
    assert all(seen[:20]), "samples after each step"


def test_the_budget_in_minutes_ends_it(tmp_path: Path, pictures: PictureSet) -> None:
    run = trainer(tmp_path, pictures, images=0, minutes=0.005)
    assert run.run() == "budget"
    assert run.progress.step > 0


def test_it_stops_early_and_keeps_the_best(tmp_path: Path, pictures: PictureSet) -> None:
    run = trainer(tmp_path, pictures, images=100_000, validate_every=8, patience=3, learning_rate=1e-12)
    measured = iter([3.0, 2.0, 4.0, 4.0, 4.0, 4.0])
    run.validation.measure = lambda kept: next(measured)  # type: ignore[method-assign]
    assert run.run() == "patience"
    assert run.progress.best == 2.0
    assert run.progress.step == 5


def test_a_loss_that_is_no_number_is_an_error(
    tmp_path: Path, pictures: PictureSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tiny, "noise", float("nan"))
    with pytest.raises(TrainingDiverged):
        trainer(tmp_path, pictures).run()


def test_the_average_is_half_new_after_its_half_life() -> None:
    network = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(network.weight, 0.0)
    average = MovingAverage(network, half_life=10.0)
    torch.nn.init.constant_(network.weight, 1.0)
    average.follow(network, pictures=10, images=100_000)
    assert average.network.weight.item() == pytest.approx(0.5)  # type: ignore[operator]


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    torch.save({"weights": torch.zeros(3)}, tmp_path / "model.pt")
    with pytest.raises(ModelUnusable):
        checkpoint.read(tmp_path / "model.pt")


def test_a_checkpoint_is_read_as_it_was_written(tmp_path: Path) -> None:
    tensors = {"a.weight": torch.arange(6.0).view(2, 3), "a.step": torch.tensor(3), "b": torch.ones(2)}
    checkpoint.write(tmp_path / "kept.safetensors", Snapshot(tensors, {"step": 3}))
    found = checkpoint.read(tmp_path / "kept.safetensors")
    assert found.notes == {"step": 3}
    assert found.below("a").keys() == {"weight", "step"}
    assert torch.equal(found.tensors["a.weight"], tensors["a.weight"])


def test_without_pictures_there_is_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputs):
        PictureSet.from_folder(tmp_path, 32)


def test_each_validation_is_told_of_with_the_curve_so_far(tmp_path: Path, pictures: PictureSet) -> None:
    told: list[list[float]] = []
    TinyLearner().train(
        SMALL, 3, pictures,
        context(tmp_path, on_point=lambda points: told.append([point["images"] for point in points])),
    )  # fmt: skip
    assert told == [[80.0], [80.0, 160.0]]
