from dataclasses import replace

import numpy as np
import pytest

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import LayoutError, PolicyError
from psizero.model.policy_folder import PolicyParts, load_policy, read_card, save_policy
from tests.model.small_network import SMALL, small_network
from tests.model.test_policy import LAYOUT, NORMALIZERS, observation

PARTS = PolicyParts(config=SMALL, layout=LAYOUT, normalizers=NORMALIZERS)
NOTHING = np.zeros((0, 6), np.float32)


@pytest.fixture
def folder(tmp_path):
    network = small_network()
    save_policy(tmp_path / "policy", PARTS, network.half().state_dict(), card={"steps": 3})
    return tmp_path / "policy"


def test_a_policy_comes_back_bit_for_bit(folder, tmp_path):
    loaded = load_policy(folder)
    chunk = loaded.act(observation(), NOTHING).values
    save_policy(tmp_path / "copy", PARTS, loaded.network.state_dict(), card={})
    assert np.array_equal(load_policy(tmp_path / "copy").act(observation(), NOTHING).values, chunk)
    assert (loaded.layout, loaded.config) == (LAYOUT, SMALL)
    assert np.array_equal(loaded.normalizers.action.low, NORMALIZERS.action.low)
    assert read_card(folder) == {"steps": 3}


def test_saving_anew_replaces_the_weights(folder):
    before = load_policy(folder).act(observation(), NOTHING).values
    save_policy(folder, PARTS, small_network(seed=9).state_dict(), card={})
    assert not np.allclose(load_policy(folder).act(observation(), NOTHING).values, before)
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_policy_of_another_robot_is_refused_by_the_first_difference(folder):
    with pytest.raises(LayoutError, match=r"number 0 is 'arm.j0' instead of 'left_hand.thumb_0'"):
        load_policy(folder, layout=G1_DEX3)
    load_policy(folder, layout=LAYOUT)


@pytest.mark.parametrize("name", ["config.json", "layout.json", "stats.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage"])
def test_a_damaged_file_is_one_line_that_names_it(folder, name, damage):
    path = folder / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "truncated": content[: len(content) // 2], "garbage": b"[1]"}[damage])
    with pytest.raises(PolicyError, match=name) as caught:
        load_policy(folder)
    assert "\n" not in str(caught.value)


def test_values_that_contradict_each_other_are_refused(folder, tmp_path):
    save_policy(tmp_path / "other", replace(PARTS, config=replace(SMALL, width=32)), {}, card={})
    (folder / "config.json").write_bytes((tmp_path / "other" / "config.json").read_bytes())
    with pytest.raises(PolicyError, match="was not made for"):
        load_policy(folder)


def test_weights_that_do_not_fit_the_network_are_refused(folder):
    weights = small_network().state_dict()
    weights.pop("blind_state")
    save_policy(folder, PARTS, weights, card={})
    with pytest.raises(PolicyError, match="blind_state") as caught:
        load_policy(folder)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PolicyError, match="no policy folder"):
        load_policy(tmp_path / "nowhere")
