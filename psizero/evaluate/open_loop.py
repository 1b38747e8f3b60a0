"""Predicted against recorded actions, by field and unit, beside two baselines that see nothing.

Every few frames of a held-out episode the policy is asked for a chunk, which is
compared with what the person did next. A policy samples, and a sample is one of the
things that could be done; a distance asks for one guess, so the guess is the mean of
several samples: the policy's expected chunk. The baselines are

- "hold": the robot stays as it is;
- "mean": the mean of all training episodes at the same share of the episode's
  length. It is told how long the held-out episode lasts, which no policy is, so it
  is a generous one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from psizero.data.episode import Episode
from psizero.errors import DataError, PolicyError
from psizero.evaluate.camera import CameraMode
from psizero.evaluate.rollout import ReadyPolicy
from psizero.runtime.control_loop import hold_action
from psizero.types import Observation

BASELINES = ("hold", "mean")
GRID = 101
"""Points of the mean trajectory: one per percent of an episode."""
SAMPLES = 8
"""Chunks whose mean is the policy's guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupError:
    """Mean absolute errors of one group of numbers, in its unit."""

    group: str
    unit: str
    policy: float
    hold: float
    mean: float

    @property
    def ratio(self) -> float | None:
        """The policy's error over that of the better baseline; None where a baseline is perfect."""
        best = min(self.hold, self.mean)
        return self.policy / best if best > 1e-9 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLoopResult:
    """Errors on the held-out episodes of one data set."""

    policy: str
    episodes: tuple[int, ...]
    """Which episodes of the data set were predicted."""
    chunks: int
    """How many chunks were asked for."""
    groups: tuple[GroupError, ...]
    """One per field of the action."""
    arms: GroupError
    """The mean over all arm joints."""
    by_row: Mapping[str, np.ndarray]
    """Arm error by row of the chunk (T,), for "policy" and each baseline."""
    example: Mapping[str, np.ndarray]
    """One episode: "recorded" (N, A) and "predicted" (N, A), NaN where no chunk reaches."""


def mean_trajectory(actions: Iterable[np.ndarray]) -> np.ndarray:
    """Return the (GRID, A) mean of (N, A) action sequences of different length."""
    share = np.linspace(0.0, 1.0, GRID)
    total, count = np.zeros(0), 0
    for values in actions:
        stretched = _at_shares(values, share)
        total = stretched if count == 0 else total + stretched
        count += 1
    if count == 0:
        raise DataError("no training episode is left for the baseline; hold out fewer episodes")
    return total / count


def open_loop(
    ready: ReadyPolicy,
    episodes: Mapping[int, Callable[[], Episode]],
    mean: np.ndarray,
    *,
    camera: CameraMode = "normal",
    every: int = 15,
    done: Callable[[int], None] = lambda index: None,
) -> OpenLoopResult:
    """Compare the policy with what was recorded, on episodes it has never seen.

    Args:
        ready: The policy.
        episodes: By index, a function that reads the episode: videos are large, one at a time.
        mean: (GRID, A) mean trajectory of the training episodes.
        camera: "noise" gives the policy random pixels, "frozen" the episode's first picture.
        every: Frames between two questions.
        done: Told the index of each finished episode.
    """
    if not episodes:
        raise DataError("no held-out episode to predict; train with some held out")
    sums: dict[str, list[np.ndarray]] = {name: [] for name in ("policy", *BASELINES)}
    example: dict[str, np.ndarray] = {}
    random = np.random.default_rng(0)
    for index, read in episodes.items():
        episode = read()
        predicted = np.full_like(episode.action, np.nan)
        ready.policy.reset()
        for frame in range(0, len(episode) - 1, every):
            pictures = _pictures(episode, frame, camera, random)
            chunk = np.mean([_predict(ready, episode, frame, pictures) for _ in range(SAMPLES)], axis=0)
            rows = min(len(chunk), len(episode) - frame)
            recorded = episode.action[frame : frame + rows]
            guesses = {
                "policy": chunk[:rows],
                "hold": np.repeat(hold_action(ready.layout, episode.state[frame])[None], rows, axis=0),
                "mean": _at_shares(mean, np.arange(frame, frame + rows) / (len(episode) - 1)),
            }
            predicted[frame : frame + rows] = chunk[:rows]
            for name, guess in guesses.items():
                error = np.full(chunk.shape, np.nan)
                error[:rows] = np.abs(guess - recorded)
                sums[name].append(error)
        if not example:
            example = {"recorded": episode.action, "predicted": predicted}
        done(index)
    if not sums["policy"]:
        raise DataError("the held-out episodes have one frame each; there is nothing to predict")
    return _result(ready, tuple(episodes), {name: np.stack(errors) for name, errors in sums.items()}, example)


def _pictures(episode: Episode, frame: int, camera: CameraMode, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Return what the policy sees in this frame, by camera."""
    if camera == "noise":
        return {
            name: random.integers(0, 256, pictures[frame].shape, np.uint8) for name, pictures in episode.images.items()
        }
    return {name: pictures[0 if camera == "frozen" else frame] for name, pictures in episode.images.items()}


def _predict(ready: ReadyPolicy, episode: Episode, frame: int, images: Mapping[str, np.ndarray]) -> np.ndarray:
    """Ask the policy as the robot would in this frame; return the chunk's (T, A) values."""
    nothing = np.zeros(0)
    observation = Observation(
        time=float(episode.timestamps[frame]),
        tick=frame,
        joint_positions=nothing,
        joint_velocities=nothing,
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
        images=images,
        state=episode.state[frame],
        instruction=episode.instruction,
    )
    values = ready.policy.act(observation, np.zeros((0, ready.layout.action.size), np.float32)).values
    if not np.isfinite(values).all():
        # Means leave gaps out, so a broken policy would be scored by its whole numbers alone.
        raise PolicyError(
            f"the policy {ready.name} gave numbers that are not finite in frame {frame}; its weights are damaged: "
            "try an earlier checkpoint"
        )
    return values


def _at_shares(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return (len(share), A): a sequence (N, A) at shares 0..1 of its length, linear in between."""
    own = np.linspace(0.0, 1.0, len(values))
    return np.stack([np.interp(share, own, column) for column in values.T], axis=1)


def _result(
    ready: ReadyPolicy, indices: Sequence[int], errors: Mapping[str, np.ndarray], example: Mapping[str, np.ndarray]
) -> OpenLoopResult:
    """Average (chunks, T, A) errors by field and by row."""
    action = ready.layout.action
    columns = np.arange(action.size)
    fields = [(field.name, field.unit, columns[action.slice_of(field.name)]) for field in action.fields]
    arm_fields = [entry for entry in fields if entry[0].endswith("arm")] or fields
    arms = np.concatenate([entry[2] for entry in arm_fields])

    reached = np.isfinite(errors["policy"]).any(axis=(0, 2))

    def group(name: str, unit: str, where: np.ndarray) -> GroupError:
        figures = {who: float(np.nanmean(error[:, :, where])) for who, error in errors.items()}
        return GroupError(group=name, unit=unit, **figures)

    return OpenLoopResult(
        policy=ready.name,
        episodes=tuple(indices),
        chunks=len(errors["policy"]),
        groups=tuple(group(*entry) for entry in fields),
        arms=group("all arm joints", arm_fields[0][1], arms),
        by_row={who: np.nanmean(error[:, reached][:, :, arms], axis=(0, 2)) for who, error in errors.items()},
        example=example,
    )
