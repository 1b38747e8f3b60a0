"""Downloads from a server in this process; and what is said where there is no network."""

import pytest

from psizero.cli.fetch import download
from psizero.cli.main import main
from psizero.data.public import CHECKPOINTS, DATASETS
from psizero.errors import NetworkError, StorageError
from tests.cli.hub_server import hub

pytest.importorskip("huggingface_hub", reason="needs the extra fetch")

EXPERT = CHECKPOINTS["psi0-expert"]
FILES = {
    f"{EXPERT.path}action_header.safetensors": bytes(range(256)) * 400,
    f"{EXPERT.path}notes.txt": b"notes",
    f"{EXPERT.path}cache.pt": b"a pickle",
    "psi0/other/model.safetensors": b"not asked for",
}
NOWHERE = "http://127.0.0.1:9"
"""A port at which nobody answers."""


def answer(*arguments: object) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    assert "\n" not in str(stopped.value.code)
    return str(stopped.value.code)


@pytest.mark.parametrize(("verb", "sources"), [("data", DATASETS), ("model", CHECKPOINTS)])
def test_everything_public_is_listed_with_its_licence(verb, sources, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    main([verb, "fetch"])
    shown = capsys.readouterr().out
    assert all(name in shown and source.repository in shown for name, source in sources.items())
    assert shown.count("none declared") + shown.count("Apache-2.0") > len(sources)
    assert f"psizero {verb} fetch NAME --out FOLDER" in shown


def test_a_checkpoint_is_downloaded_without_its_pickles_and_its_neighbours(tmp_path, capsys):
    with hub(EXPERT.repository, FILES) as server:
        main(["model", "fetch", "psi0-expert", "--out", str(tmp_path), "--endpoint", server.endpoint])
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("psi0/**/*") if path.is_file()}
    assert found == {name for name in FILES if name.startswith(EXPERT.path) and not name.endswith(".pt")}
    assert all((tmp_path / name).read_bytes() == FILES[name] for name in found)
    assert "psi0-expert: 2 file(s) in" in capsys.readouterr().out


def test_an_archive_of_a_data_set_is_downloaded_alone_and_how_to_unpack_it_is_told(tmp_path, capsys):
    source = DATASETS["egodex-sample"]
    with hub(source.repository, {source.path: b"zip", "HE_RAW.zip": b"large"}) as server:
        main(["data", "fetch", "egodex-sample", "--out", str(tmp_path), "--endpoint", server.endpoint])
    assert (tmp_path / source.path).read_bytes() == b"zip"
    assert not (tmp_path / "HE_RAW.zip").exists()
    assert f"unzip {tmp_path / source.path}" in capsys.readouterr().out


def test_what_is_there_is_not_fetched_again(tmp_path):
    with hub(EXPERT.repository, FILES) as server:
        first = download(EXPERT, tmp_path, endpoint=server.endpoint)
        server.asked.clear()
        assert download(EXPERT, tmp_path, endpoint=server.endpoint) == first
        assert server.asked == []


def test_a_download_that_broke_off_goes_on_where_it_stopped(tmp_path, monkeypatch):
    # The library keeps what came in pieces of this size, and waits a second between its six attempts.
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 10_000)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    name = f"{EXPERT.path}action_header.safetensors"
    with hub(EXPERT.repository, FILES) as server:
        server.gives = [60_000, *[0] * 6]
        with pytest.raises(NetworkError, match="what has arrived is kept"):
            download(EXPERT, tmp_path, endpoint=server.endpoint)
        assert not (tmp_path / name).exists()
        server.gives.clear()
        server.asked.clear()
        download(EXPERT, tmp_path, endpoint=server.endpoint)
        assert server.asked[0] == (name, "bytes=60000-")
    assert (tmp_path / name).read_bytes() == FILES[name]


def test_bytes_that_were_changed_on_the_way_are_not_kept(tmp_path):
    name = f"{EXPERT.path}action_header.safetensors"
    with hub(EXPERT.repository, FILES) as server:
        server.changed = {name: bytes(len(FILES[name]))}
        with pytest.raises(NetworkError, match="other bytes than were sent"):
            download(EXPERT, tmp_path, endpoint=server.endpoint)
        assert not [path for path in tmp_path.rglob("*action_header*") if path.is_file()]
        server.changed = {}
        download(EXPERT, tmp_path, endpoint=server.endpoint)
    assert (tmp_path / name).read_bytes() == FILES[name]


def test_a_server_that_lists_a_file_elsewhere_is_not_believed(tmp_path):
    odd = {f"{EXPERT.path}../../../stolen": b"x"}
    with hub(EXPERT.repository, odd) as server, pytest.raises(NetworkError, match="outside of its repository"):
        download(EXPERT, tmp_path / "out", endpoint=server.endpoint)
    assert list(tmp_path.iterdir()) == []


def test_a_mirror_is_not_told_who_asks(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with hub(EXPERT.repository, FILES) as server:
        download(EXPERT, tmp_path, endpoint=server.endpoint)
        assert server.tokens == {None}


def test_without_a_network_it_says_what_to_do_and_makes_nothing(tmp_path):
    line = answer("model", "fetch", "psi0-expert", "--out", tmp_path / "new", "--endpoint", NOWHERE)
    assert line.startswith(f"psizero: cannot reach {NOWHERE} for USC-PSI-Lab/psi-model (")
    assert "fetch it on a computer with a network and copy the folder" in line
    assert not (tmp_path / "new").exists()


def test_without_a_network_what_is_there_is_not_taken_for_a_whole_download(tmp_path):
    (tmp_path / "other").touch()
    with pytest.raises(NetworkError, match="cannot reach"):
        download(EXPERT, tmp_path, endpoint=NOWHERE)


def test_a_repository_that_is_gone_is_told(tmp_path):
    with hub("someone/else", FILES) as server, pytest.raises(NetworkError, match=r"refused USC-PSI-Lab.* \(HTTP 404\)"):
        download(EXPERT, tmp_path, endpoint=server.endpoint)


def test_a_file_that_was_renamed_is_told(tmp_path):
    with hub(EXPERT.repository, {"psi0/other": b""}) as server, pytest.raises(NetworkError, match="no longer holds"):
        download(EXPERT, tmp_path, endpoint=server.endpoint)


def test_a_disk_that_is_too_small_is_told_before_a_byte_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
    with hub(EXPERT.repository, FILES) as server:
        with pytest.raises(StorageError, match=r"1\.0 kB free, 102\.4 kB are to come"):
            download(EXPERT, tmp_path, endpoint=server.endpoint)
        assert server.asked == []


def test_a_name_that_is_none_is_answered_with_the_nearest_and_a_folder_is_asked_for():
    assert "Did you mean 'psi0-task1'?" in answer("model", "fetch", "psi-task1")
    assert answer("model", "fetch", "psi0-expert") == (
        "psizero: where to? Name a folder with --out FOLDER: psi0-expert is 2.0 GB"
    )
    assert "of unknown size" in answer("data", "fetch", "real-pour")
