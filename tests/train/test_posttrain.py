"""The action expert learns from several bodies at once, and only from what each of them has."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from rich.console import Console

from psizero.data.frames import join_frames, read_frames
from psizero.data.lerobot import LeRobotWriter
from psizero.data.loader import Loader
from psizero.data.mix import Mix, MixPart
from psizero.data.normalize import known_range
from psizero.data.other_body import OtherBody
from psizero.data.source import open_source
from psizero.data.synthetic import synthetic_episode
from psizero.embodiment.layout import EVERYDAY_G1, G1_DEX3, G1_INSPIRE, G1_SIMPLE
from psizero.errors import ConfigError, LayoutError
from psizero.model.policy_folder import load_policy, read_card
from psizero.train.config import FinetuneConfig, ObjectiveConfig, PosttrainConfig
from psizero.train.finetune import finetune
from psizero.train.posttrain import posttrain


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two bodies: one with legs and torso, one with hands and arms alone, and a camera of another name."""
    root = tmp_path_factory.mktemp("data")
    for layout in (G1_DEX3, EVERYDAY_G1):
        with LeRobotWriter(root / layout.name, layout) as writer:
            for seed in range(2):
                writer.append(synthetic_episode(seed, length=8, layout=layout, image_size=(96, 128)))
    return root


def settings(folders, out, **changes):
    plain = {
        "data": (f"{folders / 'g1_dex3'}=1", f"{folders / 'everyday_g1'}=3"),
        "batch_size": 2,
        "steps": 2,
        "holdout": 0.5,
        "precision": "float32",
        "objective": ObjectiveConfig(draws=1),
    }
    return PosttrainConfig(out=out, **{**plain, **changes})


class _Interrupted(Console):
    """A console on which somebody presses Ctrl-C when the first checkpoint is told."""

    def print(self, *objects, **options):
        if "held_out_loss" in str(objects):
            raise KeyboardInterrupt


def test_two_bodies_become_one_policy_from_which_a_task_is_learned(folders, tmp_path):
    said = io.StringIO()
    posttrain(settings(folders, tmp_path / "stage"), console=Console(file=said, width=400))
    assert "everyday_g1: 8 frames to learn from, 28 of 36 numbers of the action" in said.getvalue()
    assert load_policy(tmp_path / "stage").layout == G1_DEX3
    assert [len(kept) for kept in read_card(tmp_path / "stage")["held_out"].values()] == [1, 1]
    task = FinetuneConfig(
        data=(folders / "g1_dex3",), out=tmp_path / "task", begin_with=tmp_path / "stage", steps=1, batch_size=2
    )
    finetune(task, console=Console(file=said, width=400))
    assert read_card(tmp_path / "task")["begun_with"]["anew"] == []


def test_posttraining_in_two_parts_is_posttraining_in_one_and_a_frozen_backbone_stays(folders, tmp_path):
    posttrain(settings(folders, tmp_path / "before", steps=1))
    frozen = {"steps": 3, "backbone": "frozen", "begin_with": tmp_path / "before"}
    whole, parts = (settings(folders, tmp_path / name, **frozen) for name in ("whole", "parts"))
    posttrain(whole)
    with pytest.raises(KeyboardInterrupt):
        posttrain(replace(parts, save_minutes=1e-9), console=_Interrupted(file=io.StringIO()))
    posttrain(replace(parts, resume=True, begin_with=None))
    before, first, second = (load_policy(tmp_path / name).network.state_dict() for name in ("before", "whole", "parts"))
    assert all(torch.equal(second[name], value) for name, value in first.items())
    same = {name for name, value in before.items() if torch.equal(first[name], value)}
    assert {name for name in before if name.startswith("backbone.")} <= same
    assert "expert.action_in.weight" not in same


def test_a_mix_over_time_is_not_resumed_with_more_steps(folders, tmp_path):
    rising = (f"{folders / 'g1_dex3'}=1:0", f"{folders / 'everyday_g1'}=0:1")
    posttrain(settings(folders, tmp_path / "stage", data=rising))
    with pytest.raises(ConfigError, match="trained with steps 2, not 3"):
        posttrain(settings(folders, tmp_path / "stage", data=rising, resume=True, steps=3))


def joined(folders):
    bodies = [
        OtherBody(open_source(folders / name), G1_DEX3, root=folders / name) for name in ("g1_dex3", "everyday_g1")
    ]
    return join_frames(
        [
            replace(
                read_frames([(body, 0), (body, 1)]),
                state_known=body.state.mask[None],
                action_known=body.action.mask[None],
            )
            for body in bodies
        ]
    )


def test_a_mixed_batch_holds_the_shares_and_knows_what_each_body_lacks(folders):
    frames = joined(folders)
    assert len(frames) == 32 and frames.last[16:24].tolist() == [23] * 8
    state, action = (
        known_range(frames.state, frames.state_known[frames.part]),
        known_range(frames.action, frames.action_known[frames.part]),
    )
    parts = [MixPart(name="whole", frames=16), MixPart(name="arms", frames=16, shares=(3.0,))]
    loader = Loader(
        frames,
        image_size=(24, 32),
        state_scale=state,
        action_scale=action,
        chunk=4,
        batch_size=1024,
        seed=0,
        augment=FinetuneConfig(data=(folders,), out=folders).augment,
        mix=Mix(parts, draws=1024, seed=0),
    )
    batch = loader.batch(0)
    arms_only = ~batch.known[:, -1]
    assert int(arms_only.sum()) == 768
    assert batch.known[:, :28].all() and not batch.known[arms_only, 28:].any() and batch.known[~arms_only].all()
    legs = slice(G1_DEX3.state.slice_of("torso_rpy").start, None)
    plain = loader.plain_batch(np.array([20]))
    assert (plain.state[:, legs] == 0).all() and (plain.state[:, :28] != 0).any()


def test_the_range_of_a_number_is_that_of_the_bodies_that_have_it():
    values = np.array([[1.0, 5.0], [3.0, 0.0], [2.0, 7.0]], np.float32)
    known = np.array([[True, True], [True, False], [True, True]])
    both = known_range(values, known)
    assert both.low[1] >= 5.0 and both.high[1] <= 7.0, "the zero was not recorded"
    nothing = known_range(values, np.zeros_like(known))
    assert nothing.constant.all()


@pytest.mark.parametrize(("layout", "said"), [(G1_SIMPLE, "at 50 Hz, expected 1 at 30"), (G1_INSPIRE, "nothing")])
def test_what_cannot_be_mixed_is_told_in_one_line(folders, tmp_path, layout, said):
    with LeRobotWriter(tmp_path / "other", layout) as writer:
        writer.append(synthetic_episode(0, length=4, layout=layout))
    wanted = {"layout": "human"} if layout is G1_INSPIRE else {}
    data = (str(folders / "g1_dex3"), str(tmp_path / "other"))
    with pytest.raises(LayoutError, match=said):
        posttrain(settings(folders, tmp_path / "stage", data=data, **wanted))


def test_settings_that_contradict_each_other_are_refused(folders, tmp_path):
    with pytest.raises(ConfigError, match="learned nothing must not be frozen"):
        settings(folders, tmp_path, backbone="frozen")
    with pytest.raises(ConfigError, match="give --steps beside --minutes"):
        settings(folders, tmp_path, steps=None, minutes=1.0)
