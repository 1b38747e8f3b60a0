"""Which policy a verb means, and how each process gets its own copy."""

from dataclasses import dataclass
from pathlib import Path

from psizero.errors import PolicyError
from psizero.evaluate.rollout import ReadyPolicy


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
        """Load on one thread: the other cores run other episodes or the control loop."""
        import torch

        from psizero.model.policy_folder import load_policy

        torch.set_num_threads(1)
        policy = load_policy(self.folder)
        config = policy.config
        return ReadyPolicy(
            policy=policy,
            name=self.name,
            layout=policy.layout,
            max_promised=config.max_delay,
            picture_size=(config.image_height, config.image_width),
        )


def policy_of(folder: Path | None) -> PolicyFromFolder:
    """Return how to load the policy in `folder`, or the shipped one; a folder that is none is a `PolicyError`."""
    if folder is None:
        return PolicyFromFolder(shipped_policy(), "tiny (shipped)")
    if not folder.is_dir():
        raise PolicyError(f"no policy folder {folder}; train one with `psizero finetune`, or leave --policy out")
    return PolicyFromFolder(folder, str(folder))
