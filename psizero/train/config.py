"""Settings of every training stage; no torch here, so that `--help` comes at once."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from psizero.data.augment import AugmentConfig
from psizero.data.frames import OnBadEpisode
from psizero.errors import ConfigError
from psizero.model.config import PSI0_SIZE, SIZES, Size
from psizero.rl.config import EnvConfig, PPOConfig

Logger = Literal["tensorboard", "trackio", "wandb", "none"]
"""Where curves are drawn."""

DEFAULT_STEPS = 10_000
"""Optimizer steps if neither steps nor minutes are given."""


OWN_RATE, PSI0_RATE = 2e-3, 1e-4
"""Highest step size of PsiZero's own network, and the published one of Psi0's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizerConfig:
    """AdamW with a linear warm-up, and what comes after it."""

    learning_rate: float | None = None
    """Highest step size, reached after the warm-up; if not given 0.002, and 0.0001 for the size psi0."""
    schedule: Literal["cosine", "constant"] = "cosine"
    """After the warm-up: down to nothing as a cosine, or always the highest."""
    warmup: float = 0.03
    """Share of the training in which the step size rises from nothing."""
    betas: tuple[float, float] = (0.9, 0.99)
    """How slowly the averages of the gradient and of its square forget."""
    weight_decay: float = 0.01
    """Pull of matrices towards zero, per step and unit of step size; vectors are left alone."""
    clip_norm: float = 1.0
    """Longest gradient; a longer one is shortened."""

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.clip_norm <= 0 or self.weight_decay < 0 or not 0 <= self.warmup < 1:
            raise ConfigError(f"learning_rate and clip_norm must be above 0, warmup in 0..1; got {self}")
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ConfigError(f"betas must be at least 0 and below 1, got {self.betas}; try 0.9 0.99")

    @property
    def rate(self) -> float:
        """The highest step size."""
        return OWN_RATE if self.learning_rate is None else self.learning_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveConfig:
    """How noise, flow time and delay are drawn."""

    draws: int = 2
    """Independent draws of noise, flow time and delay per observation: pictures are encoded once for all."""
    no_delay: float = 0.4
    """Share of draws without a promised action; the rest is spread evenly over the delays."""
    promise_noise: float = 0.02
    """Standard deviation of the disturbance of promised actions (normalized units)."""
    blind: float = 0.1
    """Share of observations whose state is hidden, so that the policy must look."""
    weight_power: float = 0.0
    """The squared error of the estimated action counts sigma^-weight_power: 2 is the plain velocity loss, 0 learns
    soonest what the observation tells, because most of that is decided where noise hides the rest."""

    def __post_init__(self) -> None:
        if self.draws < 1 or self.promise_noise < 0 or not (0 <= self.no_delay <= 1 and 0 <= self.blind <= 1):
            raise ConfigError(f"draws must be 1 or more, shares between 0 and 1, noise not negative; got {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleConfig:
    """How the work of a training is spread over memory and processors; what is learned stays the same.

    How many processes there are is told by `torchrun`, which starts them.
    """

    device: Literal["cpu", "cuda"] = "cpu"
    """Where the network learns; each process takes a GPU of its own."""
    accumulate: int = 1
    """Parts in which a process goes through its share of a batch, to need less memory."""
    checkpoint_activations: bool = False
    """Compute what happens inside the transformer layers a second time instead of keeping it: less memory, slower."""
    compile: bool = False
    """Compile the transformer layers by torch.compile: minutes at the start, then faster."""

    def __post_init__(self) -> None:
        if self.accumulate < 1:
            raise ConfigError(f"accumulate must be 1 or more, got {self.accumulate}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageConfig:
    """What the stages of a policy's training have in common; each adds its data."""

    out: Path
    """Folder for the result, with the state of its training in `training/`."""

    steps: int | None = None
    """Optimizer steps in all; 10000 if minutes are not given either."""

    minutes: float | None = None
    """Train for this long; the learning rate falls by the clock. With steps too, what comes first ends it."""

    batch_size: int = 32
    """Observations per step, of all processes together."""

    seed: int = 0
    """Seed of weights, order, noise and of the choice of held-out episodes."""

    resume: bool = False
    """Go on with the training in `out`."""

    size: Size = "tiny"
    """Size of the network: tiny trains on a laptop; psi0 is Qwen3-VL with the expert of the paper."""

    holdout: float = 0.05
    """Share of episodes of each data set that is kept apart to measure on; 0 learns from all."""

    save_minutes: float = 5.0
    """Time between two checkpoints."""

    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Type of activations; auto takes bfloat16 where the processor multiplies it in hardware."""

    logger: Logger = "tensorboard"
    """Where curves are drawn, beside `metrics.jsonl`: in `out/training` for TensorBoard, or by an extra."""

    memory: float | None = None
    """Most memory for decoded pictures on each computer (GB); half of what is free if not given. What does not fit is
    streamed."""

    on_bad_episode: OnBadEpisode = "refuse"
    """An episode that cannot be read: refuse reads all once before the training starts, and ends at the first;
    skip tells each and goes on without it."""

    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    """Step size and its schedule."""

    augment: AugmentConfig = field(default_factory=AugmentConfig)
    """How examples are changed."""

    scale: ScaleConfig = field(default_factory=ScaleConfig)
    """How the work is spread."""

    def __post_init__(self) -> None:
        _ = SIZES[self.size]
        if self.size == PSI0_SIZE and self.optimizer.learning_rate is None:
            object.__setattr__(self, "optimizer", replace(self.optimizer, learning_rate=PSI0_RATE))
        if self.batch_size < 1 or (self.steps or 1) < 1 or (self.minutes or 1.0) <= 0 or self.save_minutes <= 0:
            raise ConfigError("batch_size and steps must be 1 or more, minutes and save_minutes above 0")
        if self.memory is not None and self.memory <= 0:
            raise ConfigError(f"memory is in GB and above 0, got {self.memory}")
        if not 0 <= self.holdout < 1:
            raise ConfigError(f"holdout is a share of the episodes, at least 0 and below 1, got {self.holdout}")

    @property
    def step_limit(self) -> int | None:
        """Steps after which training ends; `None` if only the clock ends it."""
        return DEFAULT_STEPS if self.steps is None and self.minutes is None else self.steps


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainConfig(StageConfig):
    """Train a backbone on video of people, and of humanoids, to say where their hands go next."""

    data: tuple[str, ...]
    """Folders of EgoDex's format, as `psizero data render-hands` writes it too, or of a G1 with Dex3 hands; of several,
    with their weight: people=1 robot=0.2, or weights over time, robot=0:1."""

    vocabulary: int = 2048
    """Most action tokens; 2048 as in Psi0."""

    tokenizer: Path | None = None
    """Folder of a FAST tokenizer of steps of hands, in the files of the Psi0 reference; if not given, that of the stage
    that this one begins with, or one is fitted to the data."""

    begin_with: Path | None = None
    """For the size psi0: folder of a Qwen3-VL from Hugging Face with its tokenizer, or what an earlier pre-training of
    this size wrote."""

    picture: tuple[int, int] = (270, 480)
    """For the size psi0: height and width to which pictures are brought; 270 480 for EgoDex and 240 320 for robots as
    published."""

    vision_rate: float = 0.1
    """For the size psi0: share of the step size that the vision tower gets, and what joins it to the words; 0.1 as
    published."""

    def __post_init__(self) -> None:
        StageConfig.__post_init__(self)  # super() does not work in a class with slots before Python 3.14
        _check_beginning(self)
        if self.size != PSI0_SIZE and self.begin_with is not None:
            raise ConfigError("PsiZero's own backbone begins from nothing; leave --begin-with out, or give --size psi0")
        if self.vision_rate < 0:
            raise ConfigError(f"vision_rate is a share of the step size and not below 0, got {self.vision_rate}")
        if not self.data:
            raise ConfigError("name at least one folder of clips with --data")
        if len(self.data) > 1:
            _check_mix(self)


def _check_beginning(config: "PretrainConfig | ExpertStageConfig") -> None:
    if config.resume and config.begin_with is not None:
        raise ConfigError("--resume goes on with the training in --out; leave --begin-with out")
    if config.size == PSI0_SIZE and config.begin_with is None and not config.resume:
        raise ConfigError(
            "the size psi0 begins with weights that have learned to see: name an imported policy or a Qwen3-VL "
            "from Hugging Face with --begin-with; psizero model fetch gets either"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertStageConfig(StageConfig):
    """What the stages that train the action expert have in common."""

    begin_with: Path | None = None
    """Folder of an earlier stage, or of a policy, whose weights this training begins with; for the size psi0 an
    imported policy, an earlier stage of this size, or a Qwen3-VL from Hugging Face."""

    backbone: Literal["tuned", "frozen"] = "tuned"
    """Whether the backbone learns too, or stays as `begin_with` has it."""

    features: Path | None = None
    """Folder in which what a frozen backbone sees in each picture is kept, so that it is computed once for all
    steps and runs; pictures are not augmented then."""

    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    """What is minimized."""

    def __post_init__(self) -> None:
        StageConfig.__post_init__(self)
        _check_beginning(self)
        if self.backbone == "frozen" and self.begin_with is None and not self.resume:
            raise ConfigError("a backbone that has learned nothing must not be frozen; name one with --begin-with")
        if self.features is not None and self.backbone != "frozen":
            raise ConfigError("features change with a backbone that learns; give --backbone frozen, or no --features")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinetuneConfig(ExpertStageConfig):
    """Train a policy on one or more data sets."""

    data: tuple[Path, ...]
    """Folders of LeRobot data sets, all of one robot."""

    def __post_init__(self) -> None:
        ExpertStageConfig.__post_init__(self)
        if not self.data:
            raise ConfigError("name at least one data set with --data")


@dataclass(frozen=True, slots=True, kw_only=True)
class PosttrainConfig(ExpertStageConfig):
    """Train an action expert on data sets of one or more humanoids, each in its share."""

    data: tuple[str, ...]
    """Folders of any readable format, with their weight: sim=1 real=0.2, or weights over time, real=0:0.5:1."""

    layout: str | None = None
    """Layout of the policy by name; that of the first data set if not given."""

    def __post_init__(self) -> None:
        ExpertStageConfig.__post_init__(self)
        if not self.data:
            raise ConfigError("name at least one data set with --data")
        _check_mix(self)


def _check_mix(config: StageConfig) -> None:
    if config.steps is None and config.minutes is not None:
        raise ConfigError("a mix is laid out over steps; give --steps beside --minutes")


Stage = Literal["stand", "walk", "rough"]
"""Stages of System-0's training; each goes on from the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocomotionConfig:
    """Train System-0, the policy of legs and waist, by reinforcement learning."""

    out: Path
    """Folder for the policy (`system0.onnx`), with the state of its training in `training/`."""

    stage: Stage = "walk"
    """stand: stand, squat and lean. walk: velocities too. rough: also uneven ground, with finer physics."""

    steps: int | None = None
    """Steps of all robots together, without those of `begin_with`; 50 million if minutes are not given either."""

    minutes: float | None = None
    """Train for this long in this run. With steps too, what comes first ends it."""

    resume: bool = False
    """Go on exactly where the training in `out` was."""

    begin_with: Path | None = None
    """Folder of an earlier training whose networks this one begins with, or a policy file of one (.onnx), whose
    critic is learned anew first."""

    recordings: tuple[Path, ...] = ()
    """Data sets of this robot whose arm poses the arms take as well while the legs learn."""

    robots: int = 512
    """Robots side by side."""

    processes: int = 0
    """Processes that the robots are divided among; 0: one for each core. Other numbers make other robots."""

    substeps: int | None = None
    """Physics steps per command; 2, and 3 in the stage `rough`."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the networks learn; physics always runs on the processor."""

    seed: int = 0
    """Seed of weights, robots, commands and noise."""

    save_minutes: float = 2.0
    """Time between two checkpoints."""

    tensorboard: bool = False
    """Also write curves for TensorBoard, in `out/training`."""

    ppo: PPOConfig = field(default_factory=PPOConfig)
    """Numbers of the update."""

    def __post_init__(self) -> None:
        if self.robots < 2 or (self.steps or 1) < 1 or (self.minutes or 1.0) <= 0 or self.save_minutes <= 0:
            raise ConfigError("robots must be 2 or more, steps 1 or more, minutes and save_minutes above 0")
        if self.processes < 0:
            raise ConfigError(f"processes must be 1 or more, or 0 for one per core; got {self.processes}")
        if self.resume and self.begin_with is not None:
            raise ConfigError("--resume goes on with the training in --out; leave --begin-with out")

    @property
    def step_limit(self) -> int | None:
        """Steps after which training ends; `None` if only the clock ends it."""
        return 50_000_000 if self.steps is None and self.minutes is None else self.steps

    @property
    def environment(self) -> EnvConfig:
        """What the stage is trained in."""
        substeps = self.substeps or (3 if self.stage == "rough" else 2)
        return EnvConfig(
            count=self.robots,
            substeps=substeps,
            walk=self.stage != "stand",
            rough=self.stage == "rough",
        )
