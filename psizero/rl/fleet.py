"""Robots divided among processes: what is computed beside physics would else run on one core.

The first part lives in this process, the others in processes of their own that read actions from
shared memory and write there what came of them. Part number i draws from a generator of (seed, i),
so the same seed and number of parts give the same numbers on any computer.
"""

import math
import multiprocessing
import signal
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from psizero.control.lower_body import FRAME_SIZE, HISTORY
from psizero.errors import SimulationError
from psizero.rl.config import EnvConfig
from psizero.rl.locomotion_env import PRIVILEGED_SIZE, LocomotionEnv

_ACTIONS = 15
_TYPES: dict[str, tuple[type, tuple[int, ...]]] = {
    "seen": (np.float32, (HISTORY * FRAME_SIZE,)),
    "privileged": (np.float32, (PRIVILEGED_SIZE,)),
    "action": (np.float32, (_ACTIONS,)),
    "reward": (np.float64, ()),
    "fallen": (np.bool_, ()),
    "timed_out": (np.bool_, ()),
    "level": (np.float64, ()),
    "period": (np.float64, ()),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exchange:
    """What parts and learner tell each other, N robots."""

    seen: np.ndarray
    """(N, HISTORY * FRAME_SIZE) float32: what the policy sees."""
    privileged: np.ndarray
    """(N, PRIVILEGED_SIZE) float32: what the critic sees."""
    action: np.ndarray
    """(N, 15) float32: the policy's answers."""
    reward: np.ndarray
    """(N,)"""
    fallen: np.ndarray
    """(N,) bool."""
    timed_out: np.ndarray
    """(N,) bool: the end of a life without a fall."""
    level: np.ndarray
    """(N,) difficulty, 0..1."""
    period: np.ndarray
    """(N,) time between two commands (s)."""

    def of(self, rows: slice) -> "Exchange":
        """Return the robots `rows`, in the same memory."""
        return Exchange(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


class Fleet:
    """All robots; `step` takes the policy's answers, `observe` tells what they see next."""

    def __init__(
        self, config: EnvConfig, seed: int, recorded_arms: np.ndarray | None = None, *, parts: int = 1
    ) -> None:
        """Make the robots stand; `recorded_arms` (K, 14) rad are poses that the arms take as well."""
        count = config.count
        self.parts = min(parts, count)
        context = multiprocessing.get_context("spawn")  # a fork would copy the threads of torch half
        memory = {name: context.RawArray("b", count * _bytes(name)) for name in _TYPES}
        self._all = _views(memory, count)
        borders = [count * part // self.parts for part in range(self.parts + 1)]
        self._rows = [slice(*borders[part : part + 2]) for part in range(self.parts)]
        self.processes: list[Any] = []
        """Those of the other parts."""
        self._pipes: list[Connection] = []
        for part in range(1, self.parts):
            mine, theirs = context.Pipe()
            arguments = (theirs, memory, config, self._rows[part], [seed, part], recorded_arms)
            process = context.Process(target=_live, args=arguments, daemon=True, name=f"robots {part}")
            process.start()
            theirs.close()
            self.processes.append(process)
            self._pipes.append(mine)
        self._first = _Part(self._all, config, self._rows[0], [seed, 0], recorded_arms)
        self._ask("look")

    @property
    def level(self) -> np.ndarray:
        """How hard each robot (N,) is pushed and how wildly its arms move, 0..1."""
        return self._all.level.copy()

    @property
    def period(self) -> np.ndarray:
        """Time between two commands of each robot (N,) s."""
        return self._all.period.copy()

    def observe(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what policy (N, HISTORY * FRAME_SIZE) and critic (N, PRIVILEGED_SIZE) see, until the next `step`."""
        return self._all.seen, self._all.privileged

    def step(self, action: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
        """Apply the answers (N, 15); return reward, fallen, timed out (N,) and the means of the reward's terms."""
        self._all.action[:] = action
        told = self._ask("step")
        shares = [(rows.stop - rows.start) / len(self._all.reward) for rows in self._rows]
        means = {name: math.fsum(s * one[name] for s, one in zip(shares, told, strict=True)) for name in told[0]}
        return self._all.reward.copy(), self._all.fallen.copy(), self._all.timed_out.copy(), means

    def set_level(self, level: np.ndarray) -> None:
        """Make it as hard as (N,) or () 0..1."""
        self._all.level[:] = level
        self._ask("take_level")

    def save(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the next step depends on."""
        saved = self._ask("save")
        return {f"{part}.{name}": value for part, one in enumerate(saved) for name, value in one.items()}

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        """Go on from what `save` returned, of as many parts; the same answers then give the same steps."""
        own: list[dict[str, np.ndarray]] = [{} for _ in self._rows]
        for key, value in saved.items():
            part, _, name = key.partition(".")
            own[int(part)][name] = value
        self._ask("restore", own)

    def close(self) -> None:
        """End the other processes."""
        for pipe in self._pipes:
            pipe.close()
        self._pipes.clear()

    def _ask(self, what: str, arguments: Sequence[Any] | None = None) -> list[Any]:
        """Have every part do the same at the same time; return their answers."""
        given = [() if arguments is None else (arguments[part],) for part in range(self.parts)]
        try:
            for pipe, one in zip(self._pipes, given[1:], strict=True):
                pipe.send((what, one))
            answers = [getattr(self._first, what)(*given[0])]
            for pipe in self._pipes:
                done, answer = pipe.recv()
                if not done:
                    raise RuntimeError(f"a process of robots failed:\n{answer}")
                answers.append(answer)
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise SimulationError(
                "a process with a part of the robots has died (out of memory?); go on with --resume, "
                "with fewer --robots or --processes if it happens again"
            ) from error
        return answers


class _Part:
    """Some of the robots, and where they write what they see."""

    def __init__(
        self, everything: Exchange, config: EnvConfig, rows: slice, seed: list[int], recorded: np.ndarray | None
    ) -> None:
        self._own = everything.of(rows)
        config = replace(config, count=rows.stop - rows.start)
        self._env = LocomotionEnv(config, np.random.default_rng(seed), recorded)

    def look(self) -> None:
        self._own.seen[:], self._own.privileged[:] = self._env.observe()
        self._tell()

    def step(self) -> dict[str, float]:
        own = self._own
        own.reward[:], own.fallen[:], own.timed_out[:], told = self._env.step(own.action)
        self.look()
        return told

    def take_level(self) -> None:
        self._env.level[:] = self._own.level

    def save(self) -> dict[str, np.ndarray]:
        return self._env.save()

    def restore(self, saved: dict[str, np.ndarray]) -> None:
        self._env.restore(saved)
        self._tell()

    def _tell(self) -> None:
        self._own.level[:], self._own.period[:] = self._env.level, self._env.world.period


def _live(pipe: Connection, memory: dict[str, Any], config: EnvConfig, *more: Any) -> None:
    """Do what the pipe says, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears it, and closes the pipe
    try:
        part, failure = _Part(_views(memory, config.count), config, *more), ""
    except Exception:
        part, failure = None, traceback.format_exc()
    with suppress(EOFError, OSError):  # nobody asks any more
        while True:
            what, arguments = pipe.recv()
            try:
                answer = (False, failure) if part is None else (True, getattr(part, what)(*arguments))
            except Exception:
                answer = False, traceback.format_exc()
            pipe.send(answer)


def _bytes(name: str) -> int:
    """Return what one robot takes in an array of the exchange."""
    kind, shape = _TYPES[name]
    return np.dtype(kind).itemsize * math.prod(shape)


def _views(memory: dict[str, Any], count: int) -> Exchange:
    return Exchange(
        **{name: np.frombuffer(memory[name], kind).reshape(count, *shape) for name, (kind, shape) in _TYPES.items()}
    )
