"""Runs in an environment with lerobot and our plugin: its own commands, in this process, with a toy world of ours.

python lerobot_policy_peer.py train|eval ARGUMENTS...   (what follows is given to lerobot-train or lerobot-eval)
python lerobot_policy_peer.py same DATA_SET FOLDER FILE   (what a policy of psizero says in lerobot, as npz)
"""

import sys
from dataclasses import dataclass, field

import gymnasium
import numpy as np
from lerobot.configs.types import FeatureType, PolicyFeature
from lerobot.envs.configs import EnvConfig


class Reach(gymnasium.Env):
    """A body that is where it was told to be; done after 20 steps."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012 (what gymnasium asks for)
    task_description = "reach"
    task = "reach"
    _max_episode_steps = 20

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = gymnasium.spaces.Dict(
            {
                "agent_pos": gymnasium.spaces.Box(-10, 10, (32,), np.float32),
                "pixels": gymnasium.spaces.Dict({"head": gymnasium.spaces.Box(0, 255, (96, 128, 3), np.uint8)}),
            }
        )
        self.action_space = gymnasium.spaces.Box(-10, 10, (36,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._steps = 0
        return self._seen(), {}

    def step(self, action):
        assert np.isfinite(action).all()
        self._steps += 1
        done = self._steps == 20
        return self._seen(), 1.0, done, False, {"is_success": done}

    def render(self):
        return np.zeros((96, 128, 3), np.uint8)

    def _seen(self):
        return {"agent_pos": np.zeros(32, np.float32), "pixels": {"head": self.render()}}


@EnvConfig.register_subclass("psizero_reach")
@dataclass
class ReachEnv(EnvConfig):
    """The toy world."""

    task: str | None = "Reach-v0"
    features: dict[str, PolicyFeature] = field(
        default_factory=lambda: {
            "action": PolicyFeature(type=FeatureType.ACTION, shape=(36,)),
            "agent_pos": PolicyFeature(type=FeatureType.STATE, shape=(32,)),
            "pixels/head": PolicyFeature(type=FeatureType.VISUAL, shape=(96, 128, 3)),
        }
    )
    features_map: dict[str, str] = field(
        default_factory=lambda: {
            "action": "action",
            "agent_pos": "observation.state",
            "pixels/head": "observation.images.head",
        }
    )

    @property
    def gym_kwargs(self) -> dict:
        return {"render_mode": "rgb_array"}


gymnasium.register("gym_psizero_reach/Reach-v0", entry_point=Reach)


def same(data_set: str, folder: str, file: str) -> None:
    """Ask a policy of psizero through lerobot about one frame of a data set, with given noise and promises."""
    import torch
    from lerobot.datasets.lerobot_dataset import LeRobotDataset
    from lerobot.policies.factory import make_policy, make_policy_config, make_pre_post_processors
    from lerobot.utils.import_utils import register_third_party_plugins

    register_third_party_plugins()
    dataset = LeRobotDataset("psizero/peer", root=data_set, video_backend="pyav")
    config = make_policy_config("psizero", device="cpu", push_to_hub=False, begin_with=folder)
    policy = make_policy(config, ds_meta=dataset.meta).eval()
    before, after = make_pre_post_processors(config, dataset_stats=dataset.meta.stats)
    row = dataset[3]
    batch = before({key: value for key, value in row.items() if key.startswith("observation.") or key == "task"})
    generator = torch.Generator().manual_seed(7)
    noise = torch.randn(1, config.chunk_size, 36, generator=generator)
    free = policy.predict_action_chunk(batch, noise=noise)
    left = free[:, 5:]
    led = policy.predict_action_chunk(batch, noise=noise, inference_delay=4, prev_chunk_left_over=left)
    picked = [after(policy.select_action(batch)) for _ in range(config.n_action_steps + 1)]
    np.savez(
        file,
        free=after(free[0]).numpy(),
        led=after(led[0]).numpy(),
        left=left[0].numpy(),
        noise=noise[0].numpy(),
        picked=torch.cat(picked).numpy(),
        state=row["observation.state"].numpy(),
        picture=(row["observation.images.head"].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8),
        task=row["task"],
    )


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.argv = [f"lerobot-{command}", *arguments]
    if command == "same":
        same(*arguments)
    elif command == "train":
        from lerobot.scripts.lerobot_train import main

        main()
    else:
        from lerobot.scripts.lerobot_eval import main

        main()
