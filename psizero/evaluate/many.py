"""Many episodes at once: the same results in the same order, whatever the number of processes."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache, partial
from typing import TypeVar

from psizero.errors import ConfigError, PsiZeroError
from psizero.evaluate.rollout import EpisodeRequest, EpisodeResult, PolicyFactory, ReadyPolicy, run_episode

_THREADS = "OMP_NUM_THREADS"
RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")


def run_episodes(
    make_policy: PolicyFactory,
    requests: Sequence[EpisodeRequest],
    *,
    workers: int = 1,
    done: Callable[[EpisodeResult], None] = lambda result: None,
) -> list[EpisodeResult]:
    """Run every request; `done` is told each result in the order of the requests."""
    return run_many(run_episode, make_policy, requests, workers=workers, done=done)


def run_many(
    run: Callable[[ReadyPolicy, RequestT], ResultT],
    make_policy: PolicyFactory,
    requests: Sequence[RequestT],
    *,
    workers: int = 1,
    done: Callable[[ResultT], None] = lambda result: None,
) -> list[ResultT]:
    """Do the same with any kind of episode; `run` must be a function that can be sent to another process.

    One worker is this process itself; more are processes of their own, each with one
    thread, because two threads on a busy core are slower than one.
    """
    if workers < 1:
        raise ConfigError(f"episodes need at least one worker, got {workers}; try --workers 1")
    run_one = partial(_run, run, make_policy)
    if workers == 1 or len(requests) < 2:
        return [_told(run_one(request), done) for request in requests]
    context = multiprocessing.get_context("spawn")  # a forked OpenGL or torch hangs
    with one_thread_for_children():
        pool = ProcessPoolExecutor(min(workers, len(requests)), context)
        try:
            return [_told(result, done) for result in pool.map(run_one, requests)]
        except BrokenProcessPool as error:
            raise PsiZeroError("a worker process died; perhaps the memory is full: try --workers 1") from error
        finally:
            pool.shutdown(cancel_futures=True)


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


def _told(result: ResultT, done: Callable[[ResultT], None]) -> ResultT:
    done(result)
    return result


def _run(run: Callable[[ReadyPolicy, RequestT], ResultT], make_policy: PolicyFactory, request: RequestT) -> ResultT:
    return run(_ready(make_policy), request)


@cache
def _ready(make_policy: PolicyFactory) -> ReadyPolicy:
    """Make the policy once per process: loading it costs more than an episode."""
    return make_policy()
