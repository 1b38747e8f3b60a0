"""Train System-0: the legs, by reinforcement learning in many simulations at once."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

from psizero.embodiment.g1 import G1
from psizero.control.lower_body import FRAME_SIZE, HISTORY
from psizero.rl.actor_critic import ActorCritic
from psizero.rl.locomotion_env import PRIVILEGED_SIZE, EnvConfig, LocomotionEnv
from psizero.rl.ppo import PPO, PPOConfig
from psizero.rl.rollout import Rollout
from psizero.rl.symmetry import Mirror


def main(
    out: Path, minutes: float, seed: int, env_config: EnvConfig, ppo_config: PPOConfig, start: Path | None
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    network = ActorCritic(HISTORY * FRAME_SIZE, PRIVILEGED_SIZE, 15)
    learner = PPO(network, Mirror(G1), ppo_config, seed)
    env = LocomotionEnv(env_config, np.random.default_rng(seed))
    iteration, steps, seconds = 0, 0, 0.0
    path = out / "checkpoint.pt"
    source = path if path.exists() else start
    if source is not None:
        saved = torch.load(source, weights_only=True)
        network.load_state_dict(saved["network"])
        learner.optimizer.load_state_dict(saved["optimizer"])
        learner.rate = saved["rate"]
        if source == path or True:
            iteration, steps, seconds = saved["iteration"], saved["steps"], saved["seconds"]
        level = saved["level"].numpy()
        env.level[:] = np.resize(level, env.level.shape)
    rollout = Rollout(ppo_config.steps, env_config.count, HISTORY * FRAME_SIZE, PRIVILEGED_SIZE, 15)
    seen, privileged = (torch.from_numpy(x) for x in env.observe())
    begin, saved_at = time.monotonic() - seconds, time.monotonic()
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        t0 = time.monotonic()
        sums: dict[str, float] = {}
        env.falls = env.finished = 0
        total = 0.0
        for t in range(ppo_config.steps):
            action, mean, log = learner.act(seen)
            rollout.seen[t], rollout.privileged[t] = seen, privileged
            rollout.action[t], rollout.mean[t], rollout.log_probability[t] = action, mean, log
            rollout.value[t] = learner.value(privileged)
            reward, fallen, timed_out, terms = env.step(action.numpy())
            reward = torch.from_numpy(reward).float()
            # A robot whose time is up would have gone on.
            reward += torch.from_numpy(timed_out) * ppo_config.discount * rollout.value[t]
            rollout.reward[t] = reward
            rollout.ended[t] = torch.from_numpy(fallen | timed_out)
            total += float(rollout.reward[t].mean())
            for name, value in terms.items():
                sums[name] = sums.get(name, 0.0) + value / ppo_config.steps
            seen, privileged = (torch.from_numpy(x) for x in env.observe())
        t1 = time.monotonic()
        told = learner.update(rollout.batch(learner.value(privileged), ppo_config.discount, ppo_config.trace))
        iteration += 1
        steps += ppo_config.steps * env_config.count
        seconds = time.monotonic() - begin
        line = {
            "iteration": iteration, "steps": steps, "seconds": round(seconds, 1),
            "falls_per_minute": env.falls / (env_config.count * ppo_config.steps * float(env.period.mean()) / 60),
            "level": float(env.level.mean()), "collect": t1 - t0, "learn": time.monotonic() - t1,
            **told, **{f"reward/{k}": v for k, v in sums.items()},
        }  # fmt: skip
        with open(out / "metrics.jsonl", "a") as file:
            file.write(json.dumps({k: round(v, 5) for k, v in line.items()}) + "\n")
        if time.monotonic() - saved_at > 60 or time.monotonic() >= until:
            saved_at = time.monotonic()
            torch.save(
                {"network": network.state_dict(), "optimizer": learner.optimizer.state_dict(), "rate": learner.rate,
                 "iteration": iteration, "steps": steps, "seconds": seconds, "level": torch.from_numpy(env.level)},
                str(path) + ".tmp",
            )  # fmt: skip
            Path(str(path) + ".tmp").replace(path)


if __name__ == "__main__":
    import sys

    torch.set_num_threads(2)
    a = dict(x.split("=") for x in sys.argv[1:])
    main(Path(a["out"]), float(a["minutes"]), int(a.get("seed", 0)),
         EnvConfig(count=int(a.get("count", 512)), substeps=int(a.get("substeps", 2)), rough=a.get("rough", "0") == "1", walk=a.get("walk", "1") == "1"),
         PPOConfig(steps=int(a.get("steps", 24)), epochs=int(a.get("epochs", 4))), Path(a["start"]) if "start" in a else None)  # fmt: skip
