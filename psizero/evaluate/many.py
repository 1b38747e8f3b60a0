"""Many episodes at once: the same results in the same order, whoever runs them."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TypeVar

from psizero.evaluate.rollout import EpisodeRequest, EpisodeResult, PolicyFactory, ReadyPolicy, run_episode
from psizero.side_by_side import side_by_side

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")


def run_episodes(
    make_policy: PolicyFactory,
    requests: Sequence[EpisodeRequest],
    *,
    workers: int = 1,
    cluster: str | None = None,
    done: Callable[[EpisodeResult], None] = lambda result: None,
) -> list[EpisodeResult]:
    """Run every request; `done` is told each result in the order of the requests."""
    return run_many(run_episode, make_policy, requests, workers=workers, cluster=cluster, done=done)


def run_many(
    run: Callable[[ReadyPolicy, RequestT], ResultT],
    make_policy: PolicyFactory,
    requests: Sequence[RequestT],
    *,
    workers: int = 1,
    cluster: str | None = None,
    done: Callable[[ResultT], None] = lambda result: None,
) -> list[ResultT]:
    """Do the same with any kind of episode; `workers` and `cluster` are those of `side_by_side`."""
    results: list[ResultT] = []
    for result in side_by_side(partial(_run, run, make_policy), requests, workers=workers, cluster=cluster):
        done(result)
        results.append(result)
    return results


def _run(run: Callable[[ReadyPolicy, RequestT], ResultT], make_policy: PolicyFactory, request: RequestT) -> ResultT:
    return run(_ready(make_policy), request)


@cache
def _ready(make_policy: PolicyFactory) -> ReadyPolicy:
    """Make the policy once per process: loading it costs more than an episode."""
    return make_policy()
