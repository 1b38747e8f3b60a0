"""Made-up episodes with known answers, for tests, tutorials and smoke runs.

A coloured square wanders over a grey picture. The instruction names a side, and
the action is an exact function of where the square is and which side is named, so
whatever learns from these episodes can be scored against the truth.
"""

from collections.abc import Iterator

import numpy as np

from psizero.data.episode import Episode
from psizero.embodiment.layout import G1_DEX3, PolicyLayout

INSTRUCTIONS = ("move with the square", "move against the square")
_COLOURS = ((230, 60, 40), (40, 90, 230))
_BACKGROUND = 96


def true_action(place: np.ndarray, instruction: str, layout: PolicyLayout = G1_DEX3) -> np.ndarray:
    """Return the (N, A) float32 actions for the square at `place`, (N, 2) in 0..1 from the top left (x, y).

    Even numbers follow x and odd ones y, between -0.5 and 0.5, with their sign by
    the instruction and a size that differs from number to number.
    """
    sign = 1.0 if instruction == INSTRUCTIONS[0] else -1.0
    number = np.arange(layout.action.size)
    scale = 0.5 + 0.5 * (number + 1) / layout.action.size
    return (sign * scale * (place[:, number % 2] - 0.5)).astype(np.float32)


def synthetic_episode(
    seed: int, *, length: int = 60, layout: PolicyLayout = G1_DEX3, image_size: tuple[int, int] = (120, 160)
) -> Episode:
    """Return the episode of `seed`: `length` frames at the layout's rate, pictures of `image_size` (height, width).

    The state is the action of the frame before (zeros first): position without lag.
    The instruction and the square's colour alternate with the seed.
    """
    generator = np.random.default_rng(seed)
    instruction = INSTRUCTIONS[seed % len(INSTRUCTIONS)]
    place = _wander(generator, length, layout.rate)
    action = true_action(place, instruction, layout)
    state = np.zeros((length, layout.state.size), np.float32)
    shared = min(layout.state.size, layout.action.size)
    state[1:, :shared] = action[:-1, :shared]
    times = np.arange(length) / layout.rate
    pictures = _draw(place, image_size, _COLOURS[seed % len(_COLOURS)])
    return Episode(
        instruction=instruction,
        state=state,
        action=action,
        timestamps=times,
        images=dict.fromkeys(layout.cameras, pictures),
        stream_times=dict.fromkeys(("joints", "action", *layout.cameras), times),
        info={"seed": seed, "success": True},
    )


def synthetic_episodes(count: int, *, length: int = 60, layout: PolicyLayout = G1_DEX3) -> Iterator[Episode]:
    """Yield the episodes of seeds 0 to `count` - 1."""
    for seed in range(count):
        yield synthetic_episode(seed, length=length, layout=layout)


def _wander(generator: np.random.Generator, length: int, rate: float) -> np.ndarray:
    """Return (N, 2) places in 0.1..0.9 on a smooth path that no two seeds share."""
    time = np.arange(length)[:, None] / rate
    frequency = generator.uniform(1.0, 2.0, 2)  # rad/s
    phase = generator.uniform(0.0, 2 * np.pi, 2)
    return 0.5 + 0.4 * np.sin(frequency * time + phase)


def _draw(place: np.ndarray, size: tuple[int, int], colour: tuple[int, int, int]) -> np.ndarray:
    height, width = size
    half = max(2, height // 10)
    pictures = np.full((len(place), height, width, 3), _BACKGROUND, np.uint8)
    columns = np.rint(place[:, 0] * (width - 1)).astype(int)
    rows = np.rint(place[:, 1] * (height - 1)).astype(int)
    for picture, row, column in zip(pictures, rows, columns, strict=True):
        picture[max(0, row - half) : row + half, max(0, column - half) : column + half] = colour
    return pictures
