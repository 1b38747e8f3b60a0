import numpy as np
import pytest

from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, DataError, LayoutError, PolicyError
from psizero.model.psi0_contract import PSI0_LAYOUTS, Psi0Contract, Psi0Run
from psizero.model.psi0_expert import PAPER_SIZE
from tests.model.reference_run import EXPERT, run_config, statistics

STATS = {"action": statistics(36), "states": statistics(32)}
UPPER_BODY = PSI0_LAYOUTS["g1_upper_body"]


def of_field(**changes: object) -> dict:
    config = run_config()
    config["data"]["transform"]["field"] |= changes
    return config


def post_trained() -> dict:
    """The configuration of a post-training: steps of 28 joints, q01 and q99, raw states, nothing promised."""
    stats = statistics(28)
    config = of_field(
        action_norm_type="bounds_q99",
        normalize_state=False,
        action_min=[*stats["q01"], *[0.0] * 8],
        action_max=[*stats["q99"], *[0.0] * 8],
        state_min=None,
        state_max=None,
    )
    config["data"]["transform"]["repack"]["use_delta_actions"] = True
    config["model"]["rtc"] = False
    return config


def test_a_fine_tuned_run_tells_everything_itself():
    run = Psi0Run(config=run_config(), stats=None)
    assert run.contract() == Psi0Contract(image_height=180)
    action, state = run.action_bounds(G1_DEX3, EXPERT), run.state_bounds(G1_DEX3, EXPERT)
    assert action.low.tobytes() == np.array(STATS["action"]["min"], np.float32).tobytes()
    assert state is not None
    assert state.high.tobytes() == np.array(STATS["states"]["max"], np.float32).tobytes()
    assert (state.size, state.width, state.constant, action.constant) == (32, 36, "zero", "pass")


def test_statistics_alone_tell_the_same_for_a_fine_tuned_policy():
    told, counted = Psi0Run(config=run_config(), stats=None), Psi0Run(config=None, stats=STATS)
    assert counted.action_bounds(G1_DEX3, EXPERT).same_as(told.action_bounds(G1_DEX3, EXPERT))
    state = counted.state_bounds(G1_DEX3, EXPERT)
    assert state is not None
    assert state.same_as(told.state_bounds(G1_DEX3, EXPERT) or state.trimmed(0))
    assert counted.contract() == Psi0Contract()


def test_a_post_trained_run_is_steps_of_28_joints_within_quantiles_and_raw_states():
    run = Psi0Run(config=post_trained(), stats=None)
    assert run.trained_stage == "posttrain"
    assert (run.contract().actions, run.contract().max_delay) == ("delta", 0)
    action = run.action_bounds(UPPER_BODY, EXPERT)
    assert (action.size, action.width) == (28, 36)
    assert action.low.tobytes() == np.array(statistics(28)["q01"], np.float32).tobytes()
    assert run.state_bounds(UPPER_BODY, EXPERT) is None


def test_a_stage_tells_the_same_where_there_is_no_run_configuration():
    run = Psi0Run(config=None, stats={"action": statistics(28)}, stage="posttrain")
    assert run.contract().actions == "delta"
    assert run.action_bounds(UPPER_BODY, EXPERT).same_as(
        Psi0Run(config=post_trained(), stats=None).action_bounds(UPPER_BODY, EXPERT)
    )
    assert run.state_bounds(UPPER_BODY, EXPERT) is None


def test_the_run_names_the_vectors_of_the_statistics():
    config = of_field(stat_action_key="egodex", action_min=None, action_max=None, normalize_state=False)
    run = Psi0Run(config=config, stats={"egodex": statistics(36)})
    assert run.action_bounds(G1_DEX3, EXPERT).size == 36


def test_statistics_that_contradict_the_run_are_refused():
    other = {"action": statistics(36) | {"min": [-1.0] * 36}, "states": statistics(32)}
    with pytest.raises(DataError, match="others than those in the statistics"):
        Psi0Run(config=run_config(), stats=other).action_bounds(G1_DEX3, EXPERT)


def test_statistics_without_the_vector_are_refused():
    with pytest.raises(DataError, match=r"have no 'action', they have \['egodex'\]"):
        Psi0Run(config=None, stats={"egodex": statistics(36)}).action_bounds(G1_DEX3, EXPERT)


def test_a_policy_whose_scale_nobody_knows_is_refused():
    with pytest.raises(DataError, match=r"--run-config FILE or --stats FILE"):
        Psi0Run(config=None, stats=None).action_bounds(G1_DEX3, EXPERT)


def test_statistics_of_another_robot_are_refused():
    with pytest.raises(LayoutError, match="the statistics are of 36 numbers, the layout has 28"):
        Psi0Run(config=None, stats=STATS).action_bounds(UPPER_BODY, EXPERT)


@pytest.mark.parametrize(
    "change",
    [
        {"final_layer_norm": True},
        {"qk_norm": "rms_norm"},
        {"vlm_layer_indices": [3, 5]},
        {"noise_scheduler": "ddpm"},
        {"use_film": True},
    ],
)
def test_a_run_of_another_network_is_refused_even_if_no_shape_shows_it(change):
    with pytest.raises(PolicyError, match=f"made with {next(iter(change))} = .*another network"):
        Psi0Run(config=run_config(**change), stats=None)


def test_a_run_configuration_of_other_weights_is_refused():
    with pytest.raises(PolicyError, match="its action_chunk_size is 4, the weights have 30"):
        Psi0Run(config=run_config(), stats=None).check_expert(PAPER_SIZE)
    Psi0Run(config=run_config(), stats=None).check_expert(EXPERT)


def test_unscaled_numbers_and_unknown_scales_are_refused():
    with pytest.raises(PolicyError, match="use_norm_mask"):
        Psi0Run(config=of_field(use_norm_mask=True), stats=None)
    with pytest.raises(PolicyError, match="scales by 'mean_std'"):
        Psi0Run(config=of_field(action_norm_type="mean_std"), stats=STATS).action_bounds(G1_DEX3, EXPERT)


@pytest.mark.parametrize("config", [{}, {"data": None, "model": {}}, {"data": {"transform": [1]}}])
def test_a_run_configuration_of_another_form_tells_nothing_and_breaks_nothing(config):
    assert Psi0Run(config=config, stats=None).contract() == Psi0Contract()


def test_a_square_picture_has_one_size():
    config = run_config()
    config["data"]["transform"]["model"]["resize"]["size"] = 224
    assert Psi0Run(config=config, stats=None).contract().image_width == 224


def test_a_contract_comes_back_from_json_and_a_damaged_one_is_refused():
    contract = Psi0Contract(image_height=180, max_delay=0, actions="delta")
    assert Psi0Contract.from_json(contract.to_json()) == contract
    for change in ({"image_height": 0}, {"max_delay": "7"}, {"actions": "some"}, {"more": 1}):
        with pytest.raises(PolicyError):
            Psi0Contract.from_json(contract.to_json() | change)


def test_the_robot_in_simple_turns_by_a_flag_at_50_hz():
    simple = PSI0_LAYOUTS["simple"]
    assert (simple.action.names[34], simple.rate) == ("turning.flag", 50.0)
    assert G1_DEX3.action.names[34] == "yaw_rate.vyaw"
    with pytest.raises(ConfigError, match="Did you mean 'simple'"):
        PSI0_LAYOUTS["simpl"]
