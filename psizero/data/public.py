"""Public data sets and checkpoints around Psi0: their names, places, sizes and licences.

Names and sizes are those that the README of the reference and users of the
releases give (November 2026); they were not fetched to write this. Nothing of
them is part of this package, and each keeps its own licence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from psizero.registry import Registry

PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl"})
"""Endings of files that are neither fetched nor opened: a pickle runs whatever its author put inside."""
_MODELS, _DATA = "USC-PSI-Lab/psi-model", "USC-PSI-Lab/psi-data"
_UNDECLARED = "none declared"
"""Of the files themselves; the code of the reference is Apache-2.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSource:
    """Something to download: a repository on Hugging Face, or a part of one."""

    kind: Literal["model", "dataset"]
    repository: str
    """Owner and name."""
    path: str
    """File, or folder ending in a slash, inside the repository; "" is all of it."""
    what: str
    byte_count: int | None
    """Size as others tell it (bytes), None where nobody does."""
    licence: str = _UNDECLARED


def _real(path: str, what: str, byte_count: int | None = None) -> PublicSource:
    return PublicSource(kind="dataset", repository=_DATA, path=path, what=what, byte_count=byte_count)


def _weights(path: str, what: str, byte_count: int | None) -> PublicSource:
    return PublicSource(kind="model", repository=_MODELS, path=path, what=what, byte_count=byte_count)


_TASKS: Mapping[str, tuple[str, str]] = {
    "pour": ("Pick_bottle_and_turn_and_pour_into_cup", "pick a bottle, turn, pour"),
    "toys": (
        "Pick_toys_into_box_and_lift_and_turn_and_put_on_the_chair_new_target_yaw",
        "toys into a box, box onto a chair",
    ),
    "fill": ("Remove_the_cap_turn_on_the_faucet_and_fill_the_bottle_with_water", "open a bottle, fill it at a tap"),
    "cart": ("Push_cart_grasp_and_place_grapes_on_plate", "push a cart, put grapes on a plate"),
    "tray": ("Pull_the_tray_out_of_chips_can_and_throw_the_can_into_trash_bin", "pull out a tray, throw the can away"),
    "box": ("Hug_box_and_move", "hug a box and move it"),
    "wipe": ("Spray_the_bowl_and_wipe_it_and_stack_it_up", "spray a bowl, wipe it, stack it"),
    "pass": ("Put_dumpling_into_blanket_and_turn_around_and_pass_to_human", "fill a basket, turn, hand it over"),
    "squat": ("Hold_lunch_bag_with_both_hands_and_squat_to_put_on_the_coffee_table", "hold a bag, squat, put it down"),
}
"""Real tasks, each an archive of a LeRobot v2.1 data set of about 80 episodes."""

DATASETS: Registry[PublicSource] = Registry(
    "public data set",
    {
        **{f"real-{name}": _real(f"real/{file}.zip", f"real G1: {what}") for name, (file, what) in _TASKS.items()},
        "simple": _real("simple/", "simulated tasks of SIMPLE, one archive each, from 30 MB"),
        "egodex-sample": _real("egodex-sample.zip", "some clips of EgoDex", 59_000_000),
        "egoverse-sample": _real("egoverse-sample.zip", "some clips of EgoVerse", 1_090_000_000),
        "humanoid-everyday": _real("HE_RAW.zip", "Humanoid Everyday, as recorded", 230_000_000_000),
    },
)
"""Data sets by the name that `psizero data fetch` takes."""

CHECKPOINTS: Registry[PublicSource] = Registry(
    "public checkpoint",
    {
        "qwen3-vl-2b": PublicSource(
            kind="model",
            repository="Qwen/Qwen3-VL-2B-Instruct",
            path="",
            what="the backbone before any training on actions",
            byte_count=4_255_140_312,
            licence="Apache-2.0",
        ),
        "psi0-vlm": _weights(
            "psi0/pre.fast.1by1.2601091803.ckpt.ego200k.he30k/",
            "backbone, pre-trained on EgoDex and Humanoid Everyday",
            4_262_742_488,
        ),
        "psi0-vlm-egodex": _weights(
            "psi0/pre.fast.egodex.2512241941.ckpt200k/", "backbone, pre-trained on EgoDex alone", 4_262_742_488
        ),
        "psi0-expert": _weights(
            "psi0/postpre.1by1.pad36.2601131206.ckpt.he30k/",
            "action expert, post-trained on Humanoid Everyday",
            1_990_811_480,
        ),
        **{
            f"psi0-task{number}": _weights(
                f"psi0/real-checkpoints/task{number}/", f"whole policy, fine-tuned on real task {number}", 6_253_648_840
            )
            for number in range(1, 9)
        },
    },
)
"""Checkpoints by the name that `psizero model fetch` takes; the size is that of the weights."""
