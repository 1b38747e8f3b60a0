"""Tensors on disk, handled without ever holding them all: names and shapes first, numbers one tensor at a time.

Files are safetensors (https://github.com/huggingface/safetensors): eight bytes with
the length of a JSON header, the header (name -> dtype, shape, place), then the
numbers. A checkpoint of several files comes with `model.safetensors.index.json`.
Pickles (.bin, .pt) are refused: opening one runs whatever its author put inside.
"""

import contextlib
import hashlib
import json
import math
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch

from psizero.data.public import PICKLES
from psizero.errors import PolicyError

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
"""Names that Hugging Face gives to the weights in one file, and to the list of several."""

_BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2}
_BYTES |= {"BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1}
"""Bytes per number of each type that safetensors names."""
_NAMES = {torch.float32: "F32", torch.bfloat16: "BF16"}
"""What safetensors calls the types in which trained weights are kept."""
_ALIGNMENT = 8
"""The numbers begin at a multiple of this (bytes), as the library itself writes them."""
_POINTER, _POINTER_SIZE = b"version https://git-lfs", 1024
"""How a pointer of Git LFS begins, and more bytes than one has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTensor:
    """Where a tensor lies and how it looks, without its numbers."""

    file: Path
    name: str
    """Its name inside `file`."""
    dtype: str
    """Type in the words of safetensors: F32, BF16, ..."""
    shape: tuple[int, ...]

    @property
    def numel(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    @property
    def byte_count(self) -> int:
        """Its size on disk (bytes)."""
        return self.numel * _BYTES[self.dtype]


def refuse_pickle(path: Path) -> None:
    """Raise a `PolicyError` if `path` is named like a pickle; the message says why and how to convert it."""
    if path.suffix in PICKLES:
        raise PolicyError(
            f"{path} is a pickle, and opening a pickle runs code of whoever wrote it: only safetensors are read; "
            'ask for that form, or convert it where you trust it: python -c "import torch, safetensors.torch as s; '
            f"s.save_file({{n: t.clone() for n, t in torch.load('{path.name}', weights_only=True).items()}}, "
            "'model.safetensors')\""
        )


def read_tensor_names(path: Path) -> dict[str, StoredTensor]:
    """Return what a safetensors file holds, or the files of an index, by name; no numbers are read."""
    refuse_pickle(path)
    return _of_index(path) if path.suffix == ".json" else _of_file(path)


def read_metadata(path: Path) -> dict[str, str]:
    """Return the free text in the header of a safetensors file."""
    with _opened(path) as file:
        return dict(file.metadata() or {})


def read_tensors(tensors: Mapping[str, StoredTensor]) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield name and tensor one by one, in the given order, as stored; drop each before taking the next."""
    with contextlib.ExitStack() as stack:
        files: dict[Path, Any] = {}
        for name, stored in tensors.items():
            if stored.file not in files:
                files[stored.file] = stack.enter_context(_opened(stored.file))
            yield name, files[stored.file].get_tensor(stored.name)


def write_tensors(
    path: Path, tensors: Mapping[str, StoredTensor], *, metadata: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Copy tensors into one new file, byte for byte, and return the SHA-256 of each one's numbers.

    Widest types come first and equal ones by name, as the library orders them, so
    that the same tensors always make the same file. The file is synced to disk.
    """
    return _write(path, tensors, read_tensors, metadata)


def store_tensors(
    path: Path, tensors: Mapping[str, torch.Tensor], *, metadata: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Write float32 and bfloat16 tensors of main memory into one new file, as `write_tensors` does."""
    described = {
        name: StoredTensor(file=path, name=name, dtype=_NAMES[tensor.dtype], shape=tuple(tensor.shape))
        for name, tensor in tensors.items()
    }
    return _write(
        path, described, lambda order: ((name, tensors[name].detach().contiguous()) for name in order), metadata
    )


def digests_of(tensors: Mapping[str, StoredTensor]) -> dict[str, str]:
    """Return the SHA-256 of each tensor's numbers."""
    return {name: hashlib.sha256(_content(tensor)).hexdigest() for name, tensor in read_tensors(tensors)}


def combined_digest(tensors: Mapping[str, StoredTensor], digests: Mapping[str, str]) -> str:
    """Return one SHA-256 for all of `tensors`: names, types, shapes and numbers, whatever file they came from."""
    total = hashlib.sha256()
    for name, stored in sorted(tensors.items()):
        total.update(json.dumps([name, stored.dtype, stored.shape, digests[name]]).encode())
    return total.hexdigest()


def _write(
    path: Path,
    tensors: Mapping[str, StoredTensor],
    numbers: Callable[[Mapping[str, StoredTensor]], Iterable[tuple[str, torch.Tensor]]],
    metadata: Mapping[str, str] | None,
) -> dict[str, str]:
    order = sorted(tensors, key=lambda name: (-_BYTES[tensors[name].dtype], name))
    digests: dict[str, str] = {}
    with open(path, "wb") as file:
        file.write(_header(((name, tensors[name]) for name in order), metadata))
        for name, tensor in numbers({name: tensors[name] for name in order}):
            content = _content(tensor)
            digests[name] = hashlib.sha256(content).hexdigest()
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return digests


def _content(tensor: torch.Tensor) -> memoryview:
    return tensor.reshape(-1).view(torch.uint8).numpy().data


def _header(tensors: Iterable[tuple[str, StoredTensor]], metadata: Mapping[str, str] | None) -> bytes:
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name, stored in tensors:
        start, end = end, end + stored.byte_count
        header[name] = {"dtype": stored.dtype, "shape": list(stored.shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return struct.pack("<Q", len(text)) + text


def _of_file(path: Path) -> dict[str, StoredTensor]:
    with _opened(path) as file:
        found = {}
        for name in file.keys():  # noqa: SIM118 (no mapping)
            part = file.get_slice(name)
            dtype = part.get_dtype()
            if dtype not in _BYTES:
                raise PolicyError(f"{path}: {name} has numbers of type {dtype}; expected one of {', '.join(_BYTES)}")
            found[name] = StoredTensor(file=path, name=name, dtype=dtype, shape=tuple(part.get_shape()))
    return found


def _of_index(path: Path) -> dict[str, StoredTensor]:
    try:
        places = json.loads(path.read_bytes())["weight_map"]
        names = sorted(set(places.values()))
    except FileNotFoundError as error:
        raise PolicyError(f"{path} is missing; name a folder or a safetensors file") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"{path} is no index of safetensors files ({error!r}); fetch it again") from error
    found: dict[str, StoredTensor] = {}
    for name in names:
        # An index is foreign text: a path in it must not lead out of its folder.
        if Path(name).name != name:
            raise PolicyError(f"{path} names the file {name!r}; expected files of the same folder")
        refuse_pickle(path.with_name(name))
        shard = _of_file(path.with_name(name))
        found |= {tensor: shard[tensor] for tensor, file in places.items() if file == name and tensor in shard}
    lost = [tensor for tensor in places if tensor not in found]
    if lost:
        raise PolicyError(
            f"{path} promises {len(lost)} tensor(s) that its files lack, first {lost[0]}; fetch {places[lost[0]]} again"
        )
    return found


def _opened(path: Path) -> Any:
    """Open a safetensors file, to be used in a `with` statement; what cannot be opened is one line."""
    try:
        return safetensors.safe_open(path, framework="pt")
    except FileNotFoundError as error:
        raise PolicyError(f"{path} is missing; fetch the checkpoint again, whole") from error
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror or error}") from error
    except safetensors.SafetensorError as error:
        if path.stat().st_size < _POINTER_SIZE and path.read_bytes().startswith(_POINTER):
            raise PolicyError(f"{path} is a pointer of Git LFS, not the weights; run `git lfs pull` there") from error
        raise PolicyError(f"{path} is damaged, cut short or no safetensors file ({error}); fetch it again") from error
