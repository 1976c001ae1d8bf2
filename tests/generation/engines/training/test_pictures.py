"""Pictures are split by what they are, broken ones are named, and a batch depends on its place alone."""

import io
import json
import tarfile
from collections import Counter
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from generation.engines.errors import InvalidInputs
from generation.engines.training import pictures as module
from generation.engines.training.pictures import Batches, Part, PictureSet, batch_at
from generation.engines.training.splits import split_of
from tests.generation.engines.training.learning import paint_pictures

PART = Part(torch.arange(10, dtype=torch.uint8).view(10, 1, 1, 1).expand(10, 3, 2, 2).clone(), torch.arange(10))


def shard(path: Path, pictures: dict[str, tuple[bytes, dict[str, str]]]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, (data, notes) in pictures.items():
            for suffix, content in ((".webp", data), (".json", json.dumps(notes).encode())):
                member = tarfile.TarInfo(name + suffix)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return path


def webp(colour: str, size: tuple[int, int] = (40, 50)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "WEBP", lossless=True)
    return out.getvalue()


def test_shards_give_each_split_its_pictures_and_name_the_broken(tmp_path: Path) -> None:
    first = {"a": (webp("red"), {"class": "warm", "split": "train"}), "b": (b"no picture", {"split": "train"})}
    second = {
        "c": (webp("blue"), {"class": "cold", "split": "train"}),
        "d": (webp("cyan"), {"class": "cold", "split": "test"}),
    }
    found = PictureSet.from_shards([shard(tmp_path / "0.tar", first), shard(tmp_path / "1.tar", second)], 32)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [2, 0, 1]
    assert found.train.pictures.shape == (2, 3, 32, 32)
    assert found.train.pictures[0, :, 5, 5].tolist() == [255, 0, 0]
    assert found.class_names == ("cold", "warm")
    assert found.train.classes.tolist() == [1, 0]
    assert found.broken.keys() == {"b.webp"}


def test_a_picture_with_too_many_pixels_is_named_and_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PIXELS", 1000)
    kept = {"small": (webp("red", (20, 20)), {"split": "train"}), "large": (webp("red"), {"split": "train"})}
    found = PictureSet.from_shards([shard(tmp_path / "0.tar", kept)], 32)
    assert found.broken == {"large.webp": "The picture has too many pixels."}


def test_only_the_decoders_of_pictures_are_started_whatever_a_name_says(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "EPS")  # which Pillow would have Ghostscript run
    kept = {"real": (webp("red"), {"split": "train"}), "script": (out.getvalue(), {"split": "train"})}
    found = PictureSet.from_shards([shard(tmp_path / "0.tar", kept)], 32)
    assert found.broken.keys() == {"script.webp"}


def test_of_a_film_the_first_picture_is_seen_and_no_other_decoded(tmp_path: Path) -> None:
    out = io.BytesIO()
    first, *rest = (Image.new("RGB", (20, 20), (red, 0, 0)) for red in (255, *range(100)))
    first.save(out, "WEBP", save_all=True, append_images=rest, lossless=True)
    found = PictureSet.from_shards([shard(tmp_path / "0.tar", {"film": (out.getvalue(), {"split": "train"})})], 32)
    assert found.train.pictures[0, :, 5, 5].tolist() == [255, 0, 0]


def test_decoded_pictures_wait_on_the_disk_and_not_in_memory(tmp_path: Path) -> None:
    kept = {f"{number:02}": (webp("red"), {"split": "train"}) for number in range(40)}
    before = anonymous_memory()
    found = PictureSet.from_shards([shard(tmp_path / "0.tar", kept)], 1024, tmp_path)
    assert found.train.pictures.nbytes > 125_000_000
    assert anonymous_memory() - before < 60_000_000
    pictures, _ = batch_at(found.train, 1, 0, 4, mirror=True)
    assert pictures[:, :, 500, 500].tolist() == [[255, 0, 0]] * 4
    assert [file.name for file in tmp_path.iterdir()] == ["0.tar"]


def anonymous_memory() -> int:
    """Bytes of this process that no file stands behind."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024


def test_pictures_of_a_folder_are_turned_as_their_camera_said(tmp_path: Path) -> None:
    picture = Image.new("RGB", (20, 20), "red")
    picture.paste("blue", (0, 0, 20, 10))
    exif = picture.getexif()
    exif[ExifTags.Base.Orientation] = 3  # upside down
    picture.save(tmp_path / "turned.png", exif=exif)
    paint_pictures(tmp_path / "others", 12)
    found = PictureSet.from_folder(tmp_path, 32)
    turned = torch.cat([found.train.pictures, found.validation.pictures, found.test.pictures]).int()
    assert any(one[0, 3, 5] > 200 and one[2, 28, 5] > 200 for one in turned)


def test_a_shard_that_is_no_tar_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0.tar").write_bytes(b"x" * 2000)
    with pytest.raises(InvalidInputs):
        PictureSet.from_shards([tmp_path / "0.tar"], 32)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(tmp_path / "glass.png")
    for number in range(8):  # whatever the split of the glass
        Image.new("RGB", (40, 40), (number, 0, 0)).save(tmp_path / f"{number}.png")
    found = PictureSet.from_folder(tmp_path, 32)
    everything = torch.cat([found.train.pictures, found.validation.pictures, found.test.pictures])
    assert (everything == 255).all((1, 2, 3)).sum() == 1


def test_folders_are_classes(tmp_path: Path) -> None:
    found = PictureSet.from_folder(paint_pictures(tmp_path), 32)
    assert found.class_names == ("even", "odd")
    assert len(found.train) + len(found.validation) + len(found.test) == 60


def test_adding_pictures_moves_no_other(tmp_path: Path) -> None:
    few = PictureSet.from_folder(paint_pictures(tmp_path, 30), 32)
    many = PictureSet.from_folder(paint_pictures(tmp_path, 60), 32)
    known = {picture.numpy().tobytes() for picture in many.train.pictures}
    assert all(picture.numpy().tobytes() in known for picture in few.train.pictures)


def test_a_tenth_each_is_held_out() -> None:
    counts = Counter(split_of(f"{number * 2654435761 % 2**32:08x}") for number in range(10_000))
    assert counts["test"] == pytest.approx(1000, abs=100)
    assert counts["validation"] == pytest.approx(1000, abs=100)


@given(seed=st.integers(0, 2**53), epoch=st.integers(0, 50))
def test_an_epoch_shows_every_picture_once(seed: int, epoch: int) -> None:
    seen = torch.cat([batch_at(PART, seed, epoch * 10 + start, 5, mirror=False)[1] for start in (0, 5)])
    assert sorted(seen.tolist()) == list(range(10))


@given(seed=st.integers(0, 2**53), images=st.integers(0, 1000), size=st.integers(1, 40))
def test_a_batch_depends_on_its_place_alone(seed: int, images: int, size: int) -> None:
    first, again = (batch_at(PART, seed, images, size, mirror=True) for _ in range(2))
    assert torch.equal(first[0], again[0])
    assert first[0].float().mean((1, 2, 3)).tolist() == first[1].tolist()


def test_of_two_collections_each_is_shown_in_turn_and_whole_before_any_is_shown_again() -> None:
    part = Part(PART.pictures, torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]))
    shown = [Batches(part, [[0], [1, 2]]).at(3, images, 4, mirror=False) for images in range(0, 12, 4)]
    numbers = torch.cat([pictures[:, 0, 0, 0] for pictures, _ in shown])
    kinds = torch.cat([classes for _, classes in shown])
    assert (kinds[0::2] == 0).all()
    assert (kinds[1::2] > 0).all()
    assert part.classes[numbers.long()].tolist() == kinds.tolist()
    assert sorted(numbers[0::2][:4].tolist()) == [0, 3, 6, 9]
    assert sorted(numbers[1::2].tolist()) == [1, 2, 4, 5, 7, 8]


def test_of_many_pictures_so_many_are_taken_from_first_to_last() -> None:
    part = Part(PART.pictures, torch.tensor([0] * 9 + [1]))
    assert part.of([0], most=3).pictures[:, 0, 0, 0].tolist() == [0, 4, 8]
    assert part.of([0], most=9).pictures[:, 0, 0, 0].tolist() == list(range(9))
    assert len(part.of([2], most=3)) == 0
