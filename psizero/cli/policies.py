"""Which policy a verb means, and how each process gets its own copy."""

from dataclasses import dataclass
from pathlib import Path

from psizero.errors import PolicyError
from psizero.evaluate.rollout import ReadyPolicy

PLAIN_ROWS = 30
"""Length of a chunk that a server is believed to give if it does not tell (ticks)."""


def shipped_policy() -> Path:
    """Return the folder of the policy in the package; `PolicyError` if this copy has none."""
    import psizero

    folder = Path(psizero.__file__).parent / "policies" / "tiny"
    if not (folder / "config.json").is_file():
        raise PolicyError(
            f"this copy of psizero ships no policy ({folder} is missing); "
            "train one with `psizero finetune` and name it with --policy FOLDER"
        )
    return folder


@dataclass(frozen=True, slots=True)
class PolicyFromFolder:
    """Loads the policy of a folder in the process that calls it."""

    folder: Path
    name: str

    def __call__(self) -> ReadyPolicy:
        """Load whichever network the folder holds."""
        from psizero.model.policy_files import CONFIG, NETWORK, PSI0, parse_json, read_bytes

        config = self.folder / CONFIG
        network = parse_json(config, read_bytes(config)).get(NETWORK)
        return _psi0(self.folder, self.name) if network == PSI0 else _tiny(self.folder, self.name)


def _tiny(folder: Path, name: str) -> ReadyPolicy:
    """Load on one thread: the other cores run other episodes or the control loop."""
    import torch

    from psizero.model.policy_folder import load_policy

    torch.set_num_threads(1)
    policy = load_policy(folder)
    config = policy.config
    return ReadyPolicy(
        policy=policy,
        name=name,
        layout=policy.layout,
        max_promised=config.max_delay,
        rows=config.chunk,
        picture_size=(config.image_height, config.image_width),
        fork=policy.fork,
    )


def _psi0(folder: Path, name: str) -> ReadyPolicy:
    """Load what `psizero import` made; it resizes pictures by itself, step by step as in its training."""
    from psizero.model.psi0_policy import load_psi0_policy

    policy = load_psi0_policy(folder)
    return ReadyPolicy(
        policy=policy,
        name=name,
        layout=policy.layout,
        max_promised=policy.max_promised,
        rows=policy.parts.expert.chunk,
        fork=policy.fork,
    )


def remote_policy(url: str, token: str | None) -> ReadyPolicy:
    """Connect to the server at `url`; one that cannot be reached or serves another robot is one clear error."""
    from psizero.embodiment.layout import G1_DEX3
    from psizero.runtime.client import ClientConfig, RemotePolicy, SteeredRemotePolicy

    policy = RemotePolicy(url, G1_DEX3, ClientConfig(token=token))
    policy.connect()
    contract = policy.contract
    led = SteeredRemotePolicy(policy, rows=contract.rows) if contract is not None and contract.steers else None
    return ReadyPolicy(
        policy=led or policy,
        name=url,
        layout=G1_DEX3,
        # Servers of openpi announce nothing: they go on from no promise, and give chunks of what length they like.
        max_promised=0 if contract is None else contract.max_promised,
        rows=PLAIN_ROWS if contract is None else contract.rows,
    )


def policy_of(folder: Path | None) -> PolicyFromFolder:
    """Return how to load the policy in `folder`, or the shipped one; a folder that is none is a `PolicyError`."""
    if folder is None:
        return PolicyFromFolder(shipped_policy(), "tiny (shipped)")
    if not folder.is_dir():
        raise PolicyError(
            f"no policy folder {folder}; train one with `psizero finetune`, "
            "make one with `psizero import`, or leave --policy out"
        )
    return PolicyFromFolder(folder, str(folder))
