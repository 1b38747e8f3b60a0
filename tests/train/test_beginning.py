"""What a training takes over from an earlier one, and what not."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from psizero.data.normalize import Normalizer
from psizero.embodiment.layout import Field, PolicyLayout, VectorLayout
from psizero.errors import PolicyError
from psizero.model.network import FlowNetwork
from psizero.model.policy import Normalizers
from psizero.model.policy_folder import PolicyParts, load_policy, save_policy
from psizero.train.beginning import begin_with
from tests.model.small_network import SMALL, small_network


def layout(name="robot", *, state="s", action="a", cameras=2):
    def vector(letter, size):
        return VectorLayout(letter, (Field(letter, tuple(map(str, range(size))), "rad"),))

    views = tuple(f"view{number}" for number in range(cameras))
    return PolicyLayout(name, vector(state, 5), vector(action, 6), 30.0, views)


def saved(folder, *, of=None, config=SMALL, only=""):
    ranges = (Normalizer(low=-np.ones(size), high=np.ones(size)) for size in (5, 6))
    parts = PolicyParts(
        config=config, layout=of or layout(), normalizers=Normalizers(state=next(ranges), action=next(ranges))
    )
    weights = small_network(seed=3).state_dict()
    save_policy(folder, parts, {name: weights[name] for name in weights if name.startswith(only)}, card={})
    return folder


def changed(network, before):
    return {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}


def test_of_the_same_layout_every_weight_is_taken_over(tmp_path):
    network = FlowNetwork(SMALL)
    beginning = begin_with(network, saved(tmp_path), layout())
    assert set(beginning.taken) == set(network.state_dict()) and beginning.anew == ()
    for name, value in load_policy(tmp_path).network.state_dict().items():
        assert torch.equal(network.state_dict()[name], value)
    assert (
        beginning.told(layout())
        == f"begins with {len(beginning.taken)} of {len(beginning.taken)} weights from {tmp_path}"
    )


@pytest.mark.parametrize(
    ("other", "anew"),
    [
        (layout("other", action="x"), "straight, expert.action_in, expert.head, expert.proposal.2"),
        (layout("other", state="x"), "state.0, straight"),
    ],
)
def test_weights_of_numbers_that_mean_something_else_begin_anew_even_if_they_fit(tmp_path, other, anew):
    network = FlowNetwork(SMALL)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    beginning = begin_with(network, saved(tmp_path, of=other), layout())
    assert changed(network, before) <= set(beginning.taken)
    assert beginning.told(layout()).endswith(f"whose layout is 'other' instead of 'robot'; anew: {anew}")


def test_with_another_number_of_cameras_what_does_not_fit_begins_anew(tmp_path):
    network = FlowNetwork(replace(SMALL, cameras=1))
    beginning = begin_with(network, saved(tmp_path), layout(cameras=1))
    assert beginning.anew == ("backbone.camera", "backbone.points.0.weight")


def test_a_backbone_alone_is_taken_over_and_is_no_policy(tmp_path):
    network = FlowNetwork(SMALL)
    beginning = begin_with(network, saved(tmp_path, only="backbone."), layout())
    assert all(name.startswith("backbone.") for name in beginning.taken)
    assert beginning.told(layout()).endswith("; anew: blind_state, state, straight, expert")
    with pytest.raises(PolicyError, match="holds a pre-trained backbone and no policy yet; go on with `psizero posttr"):
        load_policy(tmp_path)


def test_a_network_of_another_size_is_refused_in_one_line(tmp_path):
    with pytest.raises(PolicyError, match=r"another size: width 16 instead of 32; begin with a folder of the same --s"):
        begin_with(FlowNetwork(replace(SMALL, width=32)), saved(tmp_path), layout())
