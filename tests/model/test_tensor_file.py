import json
import subprocess
import sys
import textwrap

import pytest
import torch
from safetensors.torch import load_file, save_file

from psizero.errors import PolicyError
from psizero.model.tensor_file import combined_digest, read_metadata, read_tensor_names, read_tensors, write_tensors

TYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.uint8, torch.bool]


def mixed() -> dict[str, torch.Tensor]:
    """One tensor of each type, one without axes, one without numbers, one with numbers that are none."""
    generator = torch.Generator().manual_seed(0)
    tensors = {str(dtype): (torch.randn(3, 5, generator=generator) * 9).to(dtype) for dtype in TYPES}
    odd = torch.tensor([torch.nan, -torch.inf, -0.0, 1e-45])
    return tensors | {"lone": torch.tensor(0.1), "empty": torch.empty(0, 4), "odd": odd}


def raw(tensor: torch.Tensor) -> bytes:
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes()


def test_names_and_shapes_are_told_without_reading_numbers(tmp_path):
    save_file(mixed(), tmp_path / "a.safetensors")
    found = read_tensor_names(tmp_path / "a.safetensors")
    assert {name: stored.shape for name, stored in found.items()} == {n: tuple(t.shape) for n, t in mixed().items()}
    assert all(found[name].byte_count == tensor.nbytes for name, tensor in mixed().items())


def test_a_copy_is_the_same_file_byte_for_byte(tmp_path):
    save_file(mixed(), tmp_path / "a.safetensors", metadata={"format": "pt"})
    write_tensors(tmp_path / "b.safetensors", read_tensor_names(tmp_path / "a.safetensors"), metadata={"format": "pt"})
    copied = load_file(tmp_path / "b.safetensors")
    assert {name: raw(tensor) for name, tensor in copied.items()} == {n: raw(t) for n, t in mixed().items()}
    assert (tmp_path / "b.safetensors").stat().st_size == (tmp_path / "a.safetensors").stat().st_size
    write_tensors(tmp_path / "c.safetensors", read_tensor_names(tmp_path / "b.safetensors"), metadata={"format": "pt"})
    assert (tmp_path / "c.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_metadata_comes_back(tmp_path):
    save_file({"a": torch.ones(2)}, tmp_path / "a.safetensors")
    assert read_metadata(tmp_path / "a.safetensors") == {}
    write_tensors(tmp_path / "b.safetensors", read_tensor_names(tmp_path / "a.safetensors"), metadata={"ψ": "0\n"})
    assert read_metadata(tmp_path / "b.safetensors") == {"ψ": "0\n"}


def test_the_digest_depends_on_names_and_numbers_alone(tmp_path):
    tensors = {"a": torch.arange(4.0), "b": torch.ones(2)}
    found = []
    for number, names in enumerate((["a", "b"], ["b", "a"])):
        save_file({name: tensors[name] for name in names}, tmp_path / f"{number}.safetensors")
        stored = read_tensor_names(tmp_path / f"{number}.safetensors")
        found.append(combined_digest(stored, write_tensors(tmp_path / f"{number}.copy", stored)))
    assert found[0] == found[1]
    save_file(tensors | {"a": torch.arange(4.0) + 1e-7}, tmp_path / "2.safetensors")
    stored = read_tensor_names(tmp_path / "2.safetensors")
    assert combined_digest(stored, write_tensors(tmp_path / "2.copy", stored)) != found[0]


def test_tensors_of_several_files_are_found_through_the_index(tmp_path):
    tensors = mixed()
    places = {name: f"model-{i % 3}.safetensors" for i, name in enumerate(tensors)}
    for file in set(places.values()):
        save_file({name: tensors[name] for name in places if places[name] == file}, tmp_path / file)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    assert {name: raw(tensor) for name, tensor in read_tensors(read_tensor_names(index))} == {
        name: raw(tensor) for name, tensor in tensors.items()
    }


@pytest.mark.parametrize(
    ("index", "line"),
    [
        ({"weight_map": {"a": "../a.safetensors"}}, "expected files of the same folder"),
        ({"weight_map": {"a": "gone.safetensors"}}, "is missing"),
        ({"weight_map": {"a": "here.safetensors", "lost": "here.safetensors"}}, "lack, first lost"),
        ({"weight_map": {"a": "here.bin"}}, "is a pickle"),
        ({"weight_map": ["a"]}, "is no index"),
        (["a"], "is no index"),
        ({}, "is no index"),
    ],
)
def test_an_index_that_does_not_hold_what_it_says_is_one_line(index, line, tmp_path):
    save_file({"a": torch.ones(1)}, tmp_path / "here.safetensors")
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(PolicyError, match=line) as refused:
        read_tensor_names(tmp_path / "model.safetensors.index.json")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kept", [0, 5, 100, 900, -1])
def test_a_file_that_was_cut_short_is_one_line(kept, tmp_path):
    save_file(mixed(), tmp_path / "a.safetensors")
    (tmp_path / "b.safetensors").write_bytes((tmp_path / "a.safetensors").read_bytes()[:kept])
    with pytest.raises(PolicyError, match="cut short") as refused:
        read_tensor_names(tmp_path / "b.safetensors")
    assert "\n" not in str(refused.value)


def test_a_pointer_of_git_lfs_is_told_from_the_weights(tmp_path):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4262742488\n"
    (tmp_path / "model.safetensors").write_text(pointer)
    with pytest.raises(PolicyError, match="git lfs pull"):
        read_tensor_names(tmp_path / "model.safetensors")


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".pth", ".ckpt", ".pkl"])
def test_a_pickle_is_refused_with_the_reason_and_a_way_out(suffix, tmp_path):
    path = tmp_path / f"pytorch_model{suffix}"
    torch.save({"a": torch.ones(2)}, path)
    with pytest.raises(PolicyError, match=r"runs code of whoever wrote it.*save_file") as refused:
        read_tensor_names(path)
    assert "\n" not in str(refused.value)


def test_the_way_out_of_a_pickle_works_as_it_is_told(tmp_path):
    shared = torch.arange(6.0)
    torch.save({"a": shared[:3], "b": shared[3:], "c": shared}, tmp_path / "model.bin")
    with pytest.raises(PolicyError) as refused:
        read_tensor_names(tmp_path / "model.bin")
    command = str(refused.value).split('python -c "')[1].removesuffix('"')
    subprocess.run([sys.executable, "-c", command], check=True, cwd=tmp_path)
    assert load_file(tmp_path / "model.safetensors")["b"].tolist() == [3.0, 4.0, 5.0]


def test_copying_needs_no_memory_for_the_weights(tmp_path):
    code = f"""
        import threading, time, torch
        from pathlib import Path
        from safetensors.torch import save_file
        from psizero.model.tensor_file import read_tensor_names, write_tensors

        def own_megabytes():
            status = Path("/proc/self/status").read_text()
            return int(status.split("RssAnon:")[1].split()[0]) / 1024

        root = Path({str(tmp_path)!r})
        tensors = {{str(i): torch.full((4, 1024, 1024), i, dtype=torch.bfloat16) for i in range(8)}}
        save_file(tensors, root / "a.safetensors")
        del tensors
        write_tensors(root / "warm", read_tensor_names(root / "a.safetensors"))
        before, peak, done = own_megabytes(), [0.0], threading.Event()

        def watch():
            while not done.wait(0.002):
                peak[0] = max(peak[0], own_megabytes())

        watcher = threading.Thread(target=watch)
        watcher.start()
        write_tensors(root / "b.safetensors", read_tensor_names(root / "a.safetensors"))
        done.set()
        watcher.join()
        assert (root / "b.safetensors").stat().st_size > 64e6
        assert peak[0] - before < 16, (before, peak)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
