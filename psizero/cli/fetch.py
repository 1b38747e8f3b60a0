"""`psizero data fetch` and `psizero model fetch`: what is public, and a download that can be taken up again."""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import tyro
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from psizero.data.atomic_file import make_folder, storage_error
from psizero.errors import NetworkError, StorageError

if TYPE_CHECKING:
    from huggingface_hub import HfApi, RepoFile

    from psizero.data.public import PublicSource

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
"""Errors of the disk, not of the network."""
_MOST_BYTES = 50_000_000_000
"""Hugging Face gives no larger file over plain HTTP (bytes)."""
_WAIT = 10.0
"""How long a server may stay silent (s)."""


def fetch_data(name: tyro.conf.Positional[str] = "", *, out: Path | None = None, endpoint: str | None = None) -> None:
    """Name the public data sets, or download one.

    Args:
        name: Data set to download; without it, all are listed.
        out: Folder to download into; a download that was stopped goes on there.
        endpoint: Server to ask, a mirror of huggingface.co.
    """
    from psizero.data.public import DATASETS

    _fetch(DATASETS, name, out, endpoint, verb="data fetch")


def fetch_model(name: tyro.conf.Positional[str] = "", *, out: Path | None = None, endpoint: str | None = None) -> None:
    """Name the public checkpoints, or download one.

    Args:
        name: Checkpoint to download; without it, all are listed.
        out: Folder to download into; a download that was stopped goes on there.
        endpoint: Server to ask, a mirror of huggingface.co.
    """
    from psizero.data.public import CHECKPOINTS

    _fetch(CHECKPOINTS, name, out, endpoint, verb="model fetch")


def download(source: "PublicSource", out: Path, *, endpoint: str | None = None) -> list[Path]:
    """Download all files of `source` into `out` and return where they lie.

    A file that has its size already is not fetched again; one that was cut short
    goes on where it stopped. Large files are compared with their SHA-256. Pickles
    are left out.
    """
    from huggingface_hub import HfApi

    # A mirror is not told who asks.
    api = HfApi(endpoint=endpoint, token=False if endpoint else None)
    with _explained(api.endpoint, source, out):
        files, commit = _listed(api, source)
        missing = sum(file.size for file in files if not _is_whole(out / file.path, file.size))
        make_folder(out)
        free = shutil.disk_usage(out).free
        if missing > free:
            raise StorageError(f"{out} has {decimal(free)} free, {decimal(missing)} are to come; choose another folder")
        for file in files:
            if file.size > _MOST_BYTES:
                raise NetworkError(
                    f"{file.path} has {decimal(file.size)}, too much for one download; fetch it with "
                    f"`hf download {source.repository} {file.path} --repo-type {source.kind} --local-dir {out}`"
                )
            if not _is_whole(out / file.path, file.size):
                _download_file(api, source, file, commit, out / file.path)
    return [out / file.path for file in files]


def _download_file(api: "HfApi", source: "PublicSource", file: "RepoFile", commit: str, path: Path) -> None:
    """Download one file, going on from what an earlier attempt left; the library itself begins anew each time."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.{file.blob_id[:12]}.part")
    url = hf_hub_url(source.repository, file.path, repo_type=source.kind, revision=commit, endpoint=api.endpoint)
    with open(unfinished, "ab") as stream:
        http_get(
            url,
            stream,
            resume_size=stream.tell(),
            headers=build_hf_headers(token=api.token),
            expected_size=file.size,
            displayed_filename=path.name,
        )
    if file.lfs is not None:
        with open(unfinished, "rb") as stream:
            arrived = hashlib.file_digest(stream, "sha256").hexdigest()
        if arrived != file.lfs.sha256:
            unfinished.unlink()
            raise NetworkError(f"{path} arrived with other bytes than were sent; run the same command again")
    os.replace(unfinished, path)


def _fetch(
    sources: Mapping[str, "PublicSource"], name: str, out: Path | None, endpoint: str | None, *, verb: str
) -> None:
    if not name:
        Console().print(_table_of(sources))
        print(f"download one with `psizero {verb} NAME --out FOLDER`")
        return
    source = sources[name]
    if out is None:
        raise StorageError(f"where to? Name a folder with --out FOLDER: {name} is {_size(source)}")
    files = download(source, out, endpoint=endpoint)
    print(f"{name}: {len(files)} file(s) in {out / source.path}")
    for archive in (file for file in files if file.suffix == ".zip"):
        print(f"unpack it with: unzip {archive} -d {archive.parent}")


def _listed(api: "HfApi", source: "PublicSource") -> tuple[list["RepoFile"], str]:
    """Return the files of `source` and the commit in which they are; nothing is downloaded yet."""
    from huggingface_hub import RepoFile

    from psizero.data.public import PICKLES

    commit = api.repo_info(source.repository, repo_type=source.kind, timeout=_WAIT).sha or "main"
    whole = source.path.endswith("/") or not source.path
    files = []
    for entry in api.list_repo_tree(source.repository, recursive=True, revision=commit, repo_type=source.kind):
        wanted = entry.path.startswith(source.path) if whole else entry.path == source.path
        if not isinstance(entry, RepoFile) or not wanted or Path(entry.path).suffix in PICKLES:
            continue
        # The list is foreign text: a path in it must not lead out of the folder.
        if Path(entry.path).is_absolute() or ".." in Path(entry.path).parts:
            raise NetworkError(f"{api.endpoint} lists a file outside of its repository, {entry.path!r}; do not use it")
        files.append(entry)
    if not files:
        raise NetworkError(
            f"{source.repository} at {api.endpoint} no longer holds {source.path}; look there for its new name"
        )
    return files, commit


@contextlib.contextmanager
def _explained(endpoint: str, source: "PublicSource", out: Path) -> Iterator[None]:
    """Turn what the library raises into one line."""
    from huggingface_hub.errors import HfHubHTTPError

    # Its bases are what the library's transport raises when there is no answer at all, and OSError.
    failures = cast("tuple[type[Exception], ...]", HfHubHTTPError.__bases__)
    try:
        yield
    except failures as error:
        if isinstance(error, OSError) and error.errno in _DISK:
            raise storage_error(out, error) from error
        if isinstance(error, HfHubHTTPError):
            reason = f"{endpoint} refused {source.repository} (HTTP {error.response.status_code})"
            raise NetworkError(
                f"{reason}; look at {endpoint}/{source.repository}, or log in with `hf auth login`"
            ) from error
        raise NetworkError(
            f"cannot reach {endpoint} for {source.repository} ({_first_line(error)}); fetch it on a computer with "
            "a network and copy the folder, or name a mirror with --endpoint URL; what has arrived is kept"
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _is_whole(path: Path, byte_count: int) -> bool:
    return path.is_file() and path.stat().st_size == byte_count


def _size(source: "PublicSource") -> str:
    return "of unknown size" if source.byte_count is None else decimal(source.byte_count)


def _table_of(sources: Mapping[str, "PublicSource"]) -> Table:
    table = Table(caption="each keeps its own licence; none declared: ask its owners", caption_justify="left")
    table.add_column("name", no_wrap=True)
    table.add_column("what", overflow="fold")
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("licence", overflow="fold")
    table.add_column("at huggingface.co", overflow="fold")
    for name, source in sources.items():
        size = "?" if source.byte_count is None else decimal(source.byte_count)
        table.add_row(name, source.what, size, source.licence, source.repository)
    return table
