"""A file is whole or absent, and what cannot be written is told in one line."""

import pytest

from psizero.data.atomic_file import is_unfinished, make_folder, whole_folder, write_file
from psizero.errors import StorageError


def test_a_file_and_its_folders_appear_whole(tmp_path):
    path = tmp_path / "a" / "b.txt"
    write_file(path, b"one")
    write_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["b.txt"]


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "b.txt"
    write_file(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match=r"b\.txt: the disk is full; free some space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert not any(is_unfinished(entry) for entry in tmp_path.iterdir())


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StorageError, match="a part of the path is a file"):
            make_folder(folder)


def test_a_folder_appears_whole(tmp_path):
    with whole_folder(tmp_path / "a" / "b") as unfinished:
        (unfinished / "file").write_text("one")
        assert not (tmp_path / "a" / "b").exists()
    assert (tmp_path / "a" / "b" / "file").read_text() == "one"
    assert [entry.name for entry in (tmp_path / "a").iterdir()] == ["b"]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), ValueError("odd"), KeyboardInterrupt()])
def test_a_folder_that_fails_leaves_nothing(failure, tmp_path):
    def write() -> None:
        with whole_folder(tmp_path / "a") as unfinished:
            (unfinished / "file").write_text("one")
            raise failure

    with pytest.raises((StorageError, type(failure))):
        write()
    assert list(tmp_path.iterdir()) == []


def test_the_rest_of_a_killed_attempt_is_cleared_away(tmp_path):
    (tmp_path / ".a.part").mkdir()
    (tmp_path / ".a.part" / "rest").touch()
    with whole_folder(tmp_path / "a") as unfinished:
        assert list(unfinished.iterdir()) == []


def test_a_folder_that_holds_something_is_never_replaced_and_an_empty_one_may_be(tmp_path):
    (tmp_path / "a").mkdir()
    with whole_folder(tmp_path / "a") as unfinished:
        (unfinished / "file").touch()
    with pytest.raises(StorageError, match="is there already"), whole_folder(tmp_path / "a"):
        pass
    with pytest.raises(StorageError, match="is there already"), whole_folder(tmp_path / "a" / "file"):
        pass
    assert (tmp_path / "a" / "file").is_file()
