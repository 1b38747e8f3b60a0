"""One function, many arguments: in this process, in several, or on the computers of a Ray cluster.

Results come in the order of the arguments, whoever computes them, so that a list of seeds gives the
same data everywhere. What is sent is pickled: Ray has no other way, so a cluster belongs on a network of
its own. Every computer in it needs the same psizero and sees the same folders, in the same places.

    >>> list(side_by_side(abs, [-1, 2, -3]))
    [1, 2, 3]
"""

import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from psizero.errors import ConfigError, PsiZeroError

AHEAD = 4
"""Arguments in work or waiting for it, per worker: enough that nobody waits for the slowest."""
_THREADS = "OMP_NUM_THREADS"
ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")
TicketT = TypeVar("TicketT")


def side_by_side(
    do: Callable[[ArgumentT], ResultT],
    arguments: Iterable[ArgumentT],
    *,
    workers: int = 1,
    cluster: str | None = None,
) -> Iterator[ResultT]:
    """Yield what `do` returns for each argument, in their order; an error of `do` is raised in its turn.

    Args:
        do: A function that can be sent to another process.
        arguments: Taken a few ahead of what is yielded, so there may be endlessly many.
        workers: How many are in work at a time. One is this process itself; more are processes of their own with
            one thread each, because two threads on a busy core are slower than one.
        cluster: Address of a Ray cluster, such as "auto" on one of its computers: all of its cores work instead.
    """
    if workers < 1:
        raise ConfigError(f"there must be at least one worker, got {workers}; try --workers 1")
    if cluster is not None:
        return _on_cluster(do, arguments, cluster)
    if isinstance(arguments, Sized):
        workers = max(1, min(workers, len(arguments)))
    return map(do, arguments) if workers == 1 else _in_processes(do, arguments, workers)


@contextmanager
def one_thread_for_children() -> Iterator[None]:
    """Let processes that are started meanwhile have one thread each, unless the user says otherwise.

    This process itself is left as it was: it may load torch later, to train on all cores.
    """
    own = _THREADS in os.environ
    os.environ.setdefault(_THREADS, "1")  # children read it when numpy loads
    try:
        yield
    finally:
        if not own:
            del os.environ[_THREADS]


def _in_order(
    submit: Callable[[ArgumentT], TicketT],
    take: Callable[[TicketT], ResultT],
    arguments: Iterable[ArgumentT],
    workers: int,
) -> Iterator[ResultT]:
    """Keep some arguments in work and yield their results, the oldest first."""
    coming = iter(arguments)
    waiting = deque(submit(argument) for argument in islice(coming, AHEAD * workers))
    while waiting:
        result = take(waiting.popleft())
        waiting.extend(submit(argument) for argument in islice(coming, 1))
        yield result


def _in_processes(
    do: Callable[[ArgumentT], ResultT], arguments: Iterable[ArgumentT], workers: int
) -> Iterator[ResultT]:
    with one_thread_for_children():
        # Not forked: OpenGL and torch hang in a forked process.
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
        try:
            yield from _in_order(lambda argument: pool.submit(do, argument), Future.result, arguments, workers)
        except BrokenProcessPool as error:
            raise PsiZeroError("a worker process died; perhaps the memory is full: try --workers 1") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _on_cluster(do: Callable[[ArgumentT], ResultT], arguments: Iterable[ArgumentT], cluster: str) -> Iterator[ResultT]:
    try:
        import ray
        from ray.exceptions import RayError, RayTaskError
    except ImportError as error:
        raise ConfigError('a cluster needs the library ray: pip install "psizero[ray]"') from error
    try:
        ray.init(address=cluster, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        why = str(error).partition("\n")[0]
        raise ConfigError(
            f"there is no Ray cluster at {cluster!r} ({why}); start one with `ray start --head`, then use --ray auto"
        ) from error
    try:
        task: Any = ray.remote(_call)  # one core each, and one thread, as Ray sees to
        take: Any = ray.get
        cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
        sent, here = ray.put(do), os.getcwd()
        yield from _in_order(lambda argument: task.remote(sent, argument, here), take, arguments, cores)
    except RayTaskError as error:
        if isinstance(error.cause, PsiZeroError):
            raise error.cause from None
        raise
    except RayError as error:
        raise PsiZeroError(f"the cluster lost a task: {error}") from error
    finally:
        ray.shutdown()


def _call(do: Callable[[ArgumentT], ResultT], argument: ArgumentT, folder: str) -> ResultT:
    """Work in the folder of who has asked, so that paths mean the same."""
    try:
        os.chdir(folder)
    except OSError as error:
        raise PsiZeroError(
            f"a computer of the cluster does not see {folder} ({error.strerror}); share it, or work in a shared folder"
        ) from error
    return do(argument)
