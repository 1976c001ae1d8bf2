"""Zip files from strangers: whatever they hold, the answer is pictures or one typed error."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.errors import ArchiveProblem
from generation.services import archives
from generation.services.archives import Member
from tests.generation.learning.conftest import zipped

names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
files = st.dictionaries(
    st.tuples(names, st.sampled_from([".png", ".JPG", ".txt", ""])).map("".join), st.binary(max_size=200), max_size=6
)


def members_of(data: bytes, *, most: int) -> list[Member]:
    return list(archives.members_of(io.BytesIO(data), most=most))


@given(files)
def test_what_was_packed_is_unpacked(given_files: dict[str, bytes]) -> None:
    try:
        found = [member.read() for member in members_of(zipped(given_files), most=10)]
    except ArchiveProblem:
        found = []
    assert all(data in given_files.values() for data in found)


@given(files, st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_is_one_typed_error(given_files: dict[str, bytes], place: int, noise: bytes) -> None:
    data = bytearray(zipped(given_files))
    place %= len(data)
    data[place : place + len(noise)] = noise
    try:
        for member in members_of(bytes(data), most=10):
            member.read()
    except ArchiveProblem:
        pass


@given(names)
def test_no_name_leads_out_of_the_archive(name: str) -> None:
    try:
        members = members_of(zipped({f"../../{name}/../x.png": b"1"}), most=10)
    except ArchiveProblem:
        return
    for member in members:
        assert ".." not in member.name.split("/")
        assert not member.name.startswith("/")


def test_too_many_pictures_are_refused() -> None:
    data = zipped({f"{number}.png": b"x" for number in range(4)})
    with pytest.raises(ArchiveProblem, match="room for 3"):
        members_of(data, most=3)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    data = zipped({"a.png": bytes(60_000_000)})
    with pytest.raises(ArchiveProblem, match="far more"):
        members_of(data, most=10)


def test_a_file_that_is_longer_than_it_says_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.png", b"x" * 1000)
    (member,) = members_of(out.getvalue(), most=1)
    short = Member(0, "a.png", "", 10, member.archive, member.info)
    with pytest.raises(ArchiveProblem):
        short.read()


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (["sea/1.png", "sky/2.png"], ["sea", "sky"]),
        (["works/sea/1.png", "works/sky/deep/2.png", "works/3.png"], ["sea", "sky", ""]),
        (["works/1.png", "works/2.png"], ["", ""]),
        (["1.png", "sea/2.png"], ["", "sea"]),
        (["cover.png", "works/sea/1.png", "works/sky/2.png"], ["", "sea", "sky"]),
        (["all/works/sea/1.png", "all/works/sky/2.png", "all/3.png"], ["sea", "sky", ""]),
        (["all/works/1.png", "all/works/2.png"], ["works", "works"]),
    ],
)
def test_the_first_folders_that_have_others_beside_them_are_classes_whatever_lies_loose(
    names: list[str], classes: list[str]
) -> None:
    members = members_of(zipped(dict.fromkeys(names, b"x")), most=9)
    assert [member.class_name for member in members] == classes


def test_an_archive_of_a_myriad_files_is_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 20)
    data = zipped({f"{number}.txt": b"" for number in range(21)})
    with pytest.raises(ArchiveProblem, match="more than 20 files"):
        members_of(data, most=10)
