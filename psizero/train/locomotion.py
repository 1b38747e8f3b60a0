"""Stage 0: System-0, the policy of legs and waist, from nothing but physics and rewards.

From top to bottom: make networks and robots, go on where the training was, collect and
learn in turns, write the policy.
"""

import json
import math
import os
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy
import torch
from rich.console import Console

from psizero.control.locomotion import PolicyCard, TrainingRecord
from psizero.control.lower_body import FRAME_SIZE, GROUPS, HISTORY
from psizero.data.atomic_file import write_file
from psizero.data.lerobot import LeRobotDataset
from psizero.embodiment.g1 import G1
from psizero.errors import ConfigError, PolicyError
from psizero.rl.actor_critic import ActorCritic
from psizero.rl.export_onnx import export, restore_actor
from psizero.rl.fleet import Fleet
from psizero.rl.locomotion_env import PRIVILEGED_SIZE
from psizero.rl.ppo import PPO
from psizero.rl.rollout import Rollout
from psizero.rl.symmetry import Mirror
from psizero.train.average import RunningAverage
from psizero.train.config import LocomotionConfig
from psizero.train.metrics import Metrics

POLICY = "system0.onnx"
STATE = Path("training") / "state.safetensors"
_ACTIONS = 15
_CRITIC_STEPS = 2_000_000
"""How long the critic of a policy that came without one learns alone."""
_SPREAD_OF_A_POLICY = 0.1
"""Deviation of actions that such a training begins with: trained policies have about this."""
_LEVEL_OF_A_POLICY = 0.8
"""Difficulty that it begins with."""
_AVERAGED = 0.98
"""Decay of the averaged actor, per update: about the last 50."""


def train_locomotion(config: LocomotionConfig, console: Console | None = None) -> None:
    """Train System-0 and write it to `config.out`; with `resume`, go on exactly where the last checkpoint was."""
    console = console or Console(stderr=True)
    with closing(LocomotionTraining(config)) as training:
        _train(training, config, console)


def _train(training: "LocomotionTraining", config: LocomotionConfig, console: Console) -> None:
    """Collect and learn in turns until steps or minutes are over."""
    limit, begin = config.step_limit, time.monotonic()
    seconds_limit = None if config.minutes is None else 60.0 * config.minutes
    saved = begin

    def progress() -> float:
        by_steps = 0.0 if limit is None else (training.steps - training.begun) / limit
        by_clock = 0.0 if seconds_limit is None else (time.monotonic() - begin) / seconds_limit
        return min(1.0, max(by_steps, by_clock))

    if progress() >= 1.0:
        console.print(f"nothing to do: {config.out} is trained for {training.steps} steps; raise --steps")
        return
    folder = config.out / STATE.parent
    logger = "tensorboard" if config.tensorboard else "none"
    with Metrics(folder, logger=logger, console=console, figure="falls a minute") as metrics:
        while progress() < 1.0:
            told = training.iterate()
            metrics.write(training.steps, told)
            metrics.show(progress(), training.steps, told["falls_per_minute"])
            if progress() >= 1.0 or time.monotonic() - saved > 60 * config.save_minutes:
                training.save()
                saved = time.monotonic()
    path = config.out / POLICY
    console.print(f"the policy is in {path}; next: psizero locomotion evaluate --policy {path}", highlight=False)


class LocomotionTraining:
    """All that changes while System-0 learns."""

    def __init__(self, config: LocomotionConfig) -> None:
        """Begin anew, with the networks of an earlier stage, or exactly where a checkpoint was."""
        self.config = config
        path = config.out / STATE
        if not config.resume and path.exists():
            raise ConfigError(f"{config.out} holds a training already; add --resume or choose another --out")
        torch.manual_seed(config.seed)
        device = torch.device(_device(config.device))
        self.network = ActorCritic(HISTORY * FRAME_SIZE, PRIVILEGED_SIZE, _ACTIONS, Mirror(G1)).to(device)
        self.learner = PPO(self.network, config.ppo, config.seed)
        self.average = RunningAverage(self.network, _AVERAGED)
        parts = _read(path)[1]["parts"] if config.resume else config.processes or os.cpu_count() or 1
        self.env = Fleet(config.environment, config.seed, recorded_arm_poses(config.recordings), parts=parts)
        self.iterations, self.steps, self.seconds = 0, 0, 0.0
        self.begun = 0
        """Steps of the earlier training that this one began with."""
        self.critic_steps = 0
        """Steps from which only the critic learns, because the actor is all that there was to begin with."""
        self._rollout = Rollout(
            config.ppo.horizon, config.robots, HISTORY * FRAME_SIZE, PRIVILEGED_SIZE, _ACTIONS, device
        )
        if config.resume:
            self._restore(path)
        else:
            if config.begin_with is not None:
                self._begin_with(config.begin_with)
            self._views = self.env.observe()

    def close(self) -> None:
        """End the processes of the robots."""
        self.env.close()

    def iterate(self) -> dict[str, float]:
        """Collect one rollout and learn from it; return what happened."""
        begin = time.monotonic()
        told = self._collect()
        collected = time.monotonic()
        ppo = self.config.ppo
        next_value = self.learner.value(self._see()[1])
        batch = self._rollout.batch(next_value, ppo.discount, ppo.trace)
        told |= self.learner.update(batch, critic_only=self.steps - self.begun < self.critic_steps)
        self.average.update(self.network, self.iterations)
        end = time.monotonic()
        count = ppo.horizon * self.config.robots
        self.iterations, self.steps, self.seconds = self.iterations + 1, self.steps + count, self.seconds + end - begin
        speeds = {"steps_per_second": count / (end - begin), "collecting": (collected - begin) / (end - begin)}
        return told | speeds | {"seconds": self.seconds, "level": float(self.env.level.mean())}

    def _see(self) -> tuple[torch.Tensor, torch.Tensor]:
        seen, privileged = self._views
        return torch.from_numpy(seen).to(self.learner.device), torch.from_numpy(privileged).to(self.learner.device)

    def _collect(self) -> dict[str, float]:
        """Fill the rollout; return falls per robot and minute and the mean of each reward term."""
        rollout, learner, env = self._rollout, self.learner, self.env
        terms: dict[str, float] = {}
        falls, robot_seconds = 0, 0.0
        for step in range(self.config.ppo.horizon):
            seen, privileged = self._see()
            action, mean, log_probability = learner.act(seen)
            rollout.seen[step], rollout.privileged[step] = seen, privileged
            rollout.action[step], rollout.mean[step] = action, mean
            rollout.log_probability[step] = log_probability
            rollout.value[step] = learner.value(privileged)
            reward, fallen, timed_out, told = env.step(action.cpu().numpy())
            # A robot whose time is up would have gone on.
            goes_on = torch.from_numpy(timed_out).to(learner.device) * rollout.value[step]
            rollout.reward[step] = torch.from_numpy(reward).float().to(learner.device)
            rollout.reward[step] += self.config.ppo.discount * goes_on
            rollout.ended[step] = torch.from_numpy(fallen | timed_out)
            falls += int(fallen.sum())
            robot_seconds += float(env.period.sum())
            for name, value in told.items():
                terms[f"reward/{name}"] = terms.get(f"reward/{name}", 0.0) + value / self.config.ppo.horizon
            self._views = env.observe()
        return {"falls_per_minute": 60 * falls / robot_seconds} | terms

    # On disk.

    def save(self) -> None:
        """Write the checkpoint and the policy of this moment."""
        tensors = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        tensors |= {f"average.{name}": value for name, value in self.average.weights().items()}
        for number, entry in self.learner.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": torch.as_tensor(value) for name, value in entry.items()}
        arrays = {name: value.detach().cpu().numpy() for name, value in tensors.items()}
        arrays |= {f"env.{name}": value for name, value in self.env.save().items()}
        arrays |= {"seen": self._views[0], "privileged": self._views[1], "level": self.env.level}
        arrays["generator"] = self.learner.generator.get_state().numpy()
        values = {
            "iterations": self.iterations, "steps": self.steps, "seconds": self.seconds, "rate": self.learner.rate,
            "begun": self.begun, "critic_steps": self.critic_steps, "parts": self.env.parts,
            "settings": _settings(self.config),
        }  # fmt: skip
        contiguous = {name: np.ascontiguousarray(value) for name, value in arrays.items()}
        write_file(self.config.out / STATE, safetensors.numpy.save(contiguous, {"psizero": json.dumps(values)}))
        self.export(self.config.out / POLICY)

    def export(self, path: Path) -> None:
        """Write the averaged actor as ONNX."""
        final = ActorCritic(HISTORY * FRAME_SIZE, PRIVILEGED_SIZE, _ACTIONS, Mirror(G1))
        final.load_state_dict(self.average.weights())
        record = TrainingRecord(command=_typed(), seed=self.config.seed, steps=self.steps)
        export(final, path, PolicyCard.made_here(G1, training=record), G1)

    def _restore(self, path: Path) -> None:
        arrays, values = _read(path)
        if values["settings"] != json.loads(json.dumps(_settings(self.config))):
            raise ConfigError(
                f"{self.config.out} was trained with other settings ({values['settings']}); "
                "give the same ones, or begin anew with --begin-with and another --out"
            )
        self._fill(arrays)
        self.env.restore(_part(arrays, "env."))
        self._views = arrays["seen"], arrays["privileged"]
        self.learner.generator.set_state(torch.from_numpy(arrays["generator"]))
        self.learner.rate = values["rate"]
        self.iterations, self.steps, self.seconds = (values[name] for name in ("iterations", "steps", "seconds"))
        self.begun, self.critic_steps = values["begun"], values["critic_steps"]

    def _begin_with(self, path: Path) -> None:
        """Take the networks of the training in the folder `path`, or the actor of a policy file."""
        if path.suffix == ".onnx":
            self._begin_with_policy(path)
            return
        arrays, values = _read(path / STATE)
        self._fill(arrays)
        self.learner.rate = values["rate"]
        self.begun = self.steps = values["steps"]
        self.seconds = values["seconds"]
        # What the robots could cope with, they can still cope with.
        self.env.set_level(np.resize(arrays["level"], self.config.robots))

    def _begin_with_policy(self, path: Path) -> None:
        card = restore_actor(self.network, path, G1)
        self.network.log_spread.data.fill_(math.log(_SPREAD_OF_A_POLICY))
        self.average.restore(self.network.state_dict())
        # The critic alone learns at the optimizer's first step size; the actor then begins with the smallest.
        self.learner.rate = self.config.ppo.lowest_rate
        self.begun = self.steps = card.training.steps
        self.critic_steps = _CRITIC_STEPS
        self.env.set_level(np.array(_LEVEL_OF_A_POLICY))

    def _fill(self, arrays: dict[str, np.ndarray]) -> None:
        tensors = {name: torch.from_numpy(value) for name, value in arrays.items() if value.dtype == np.float32}
        self.network.load_state_dict(_part(tensors, "network."))
        self.average.restore(_part(tensors, "average."))
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in _part(tensors, "optimizer.").items():
            number, _, key = name.partition(".")
            state.setdefault(int(number), {})[key] = value
        groups = self.learner.optimizer.state_dict()["param_groups"]
        self.learner.optimizer.load_state_dict({"state": state, "param_groups": groups})


def recorded_arm_poses(folders: tuple[Path, ...]) -> np.ndarray | None:
    """Return the arm poses (K, 14) rad of all actions in the data sets, every tenth; `None` without data sets."""
    poses = []
    for folder in folders:
        dataset = LeRobotDataset(folder)
        for number in range(len(dataset.episodes)):
            action = dataset.read(number, cameras=()).action[::10]
            layout = dataset.layout.action
            poses.append(np.concatenate([layout.get(action, group) for group in GROUPS[3:]], axis=1))
    return np.concatenate(poses).astype(np.float64) if poses else None


def _settings(config: LocomotionConfig) -> dict:
    free = ("out", "steps", "minutes", "resume", "begin_with", "processes", "device", "save_minutes", "tensorboard")
    return {name: value for name, value in asdict(config).items() if name not in free} | {
        "recordings": [str(folder) for folder in config.recordings]
    }


def _device(wish: str) -> str:
    if wish == "cuda" and not torch.cuda.is_available():
        raise ConfigError("this computer has no CUDA device that torch can use; try --device cpu")
    return ("cuda" if torch.cuda.is_available() else "cpu") if wish == "auto" else wish


def _typed() -> str:
    return " ".join(["psizero", *sys.argv[1:]])


def _part(arrays: dict, prefix: str) -> dict:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _read(path: Path) -> tuple[dict[str, np.ndarray], dict]:
    """Read a checkpoint; damage and absence are a `PolicyError`."""
    try:
        with safetensors.safe_open(path, framework="np") as file:
            values = json.loads((file.metadata() or {})["psizero"])
            if "parts" not in values:
                raise ValueError("it is of an earlier version")
            return {name: file.get_tensor(name) for name in file.keys()}, values  # noqa: SIM118 (no mapping)
    except FileNotFoundError as error:
        raise PolicyError(f"{path} is missing: there is no training to go on with; train one there first") from error
    except (safetensors.SafetensorError, OSError, KeyError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise PolicyError(f"{path} cannot be read ({first}); train anew in another folder") from error
