"""Episodes spoiled on purpose, one defect each, to see that checks find them and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from psizero.data.episode import Episode
from psizero.embodiment.g1 import G1
from psizero.embodiment.layout import G1_DEX3


def _some_frames(episode: Episode, kept: np.ndarray) -> Episode:
    return replace(
        episode,
        state=episode.state[kept],
        action=episode.action[kept],
        timestamps=episode.timestamps[kept],
        images={camera: pictures[kept] for camera, pictures in episode.images.items()},
        stream_times={name: times[kept] for name, times in episode.stream_times.items()},
    )


def lose_frames(episode: Episode) -> Episode:
    """Leave out two frames in the middle."""
    middle = len(episode) // 2
    return _some_frames(episode, np.delete(np.arange(len(episode)), [middle, middle + 1]))


def shake_times(episode: Episode) -> Episode:
    """Take every other frame 10 ms late."""
    times = episode.timestamps + 0.01 * (np.arange(len(episode)) % 2)
    return replace(episode, timestamps=times, stream_times=dict.fromkeys(episode.stream_times, times))


def age_pictures(episode: Episode) -> Episode:
    """Let every picture be a quarter of a second old."""
    old = dict.fromkeys(episode.images, episode.timestamps - 0.25)
    return replace(episode, stream_times={**episode.stream_times, **old})


def rest(episode: Episode) -> Episode:
    """Hold every target still for all but the first and last ten frames; the joints follow a frame later."""
    action, state = episode.action.copy(), episode.state.copy()
    action[10:-10] = action[10]
    state[1:] = action[:-1, : state.shape[1]]
    return replace(episode, action=action, state=state)


def freeze_pictures(episode: Episode) -> Episode:
    """Show one picture for a second while the robot moves."""
    frozen = {}
    for camera, pictures in episode.images.items():
        frozen[camera] = pictures.copy()
        frozen[camera][30:60] = pictures[30]
    return replace(episode, images=frozen)


def blind_camera(episode: Episode) -> Episode:
    """Make every picture black."""
    return replace(episode, images={camera: np.zeros_like(shown) for camera, shown in episode.images.items()})


def swap_streams(episode: Episode) -> Episode:
    """Pair every action with the state of three frames later: the past knows the future."""
    size = episode.state.shape[1]
    future = np.concatenate([episode.action[3:, :size], np.repeat(episode.action[-1:, :size], 3, axis=0)])
    return replace(episode, state=future)


def fall_behind(episode: Episode) -> Episode:
    """Let the joints follow their targets twelve frames late."""
    size = episode.state.shape[1]
    past = np.concatenate([np.repeat(episode.action[:1, :size], 12, axis=0), episode.action[:-12, :size]])
    return replace(episode, state=past)


def lean_on_limit(episode: Episode) -> Episode:
    """Hold the target of the left elbow at the end of its range (layout `g1_dex3`)."""
    action = episode.action.copy()
    elbow = G1_DEX3.action.names.index("left_arm.elbow")
    action[:, elbow] = G1.column("upper")[G1.indices("left_arm")[3]]
    return replace(episode, action=action)


DEFECTS: Mapping[str, tuple[Callable[[Episode], Episode], ...]] = {
    "missing frames": (lose_frames,),
    "jitter": (shake_times,),
    "streams apart": (age_pictures,),
    "stationary": (rest,),
    "stuck pictures": (freeze_pictures,),
    "blank pictures": (blind_camera,),
    "lag": (swap_streams, fall_behind),
    "saturation": (lean_on_limit,),
}
"""By the kind of finding that a check must answer with."""
