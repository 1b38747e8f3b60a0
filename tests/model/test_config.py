import json

import pytest

from psizero.errors import ConfigError, PolicyError
from psizero.model.config import SIZES, ModelConfig, config_of_size


def test_a_configuration_survives_json():
    config = config_of_size("tiny", state_size=26, action_size=26, cameras=2)
    assert ModelConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_a_width_that_does_not_fit_names_one_that_does():
    with pytest.raises(ConfigError, match="try width 132"):
        ModelConfig(width=130, heads=4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": (10, 16)},
        {"max_delay": 30},
        {"euler_steps": 0},
        {"euler_steps": 21},
        {"cameras": 0},
        {"width": 2, "heads": 1},
        {"heads": 0},
        {"vocabulary": 1},
    ],
)
def test_a_contradiction_is_refused_at_once(wrong):
    with pytest.raises(ConfigError):
        ModelConfig(**wrong)


def test_a_foreign_file_is_no_configuration():
    with pytest.raises(PolicyError, match="colour"):
        ModelConfig.from_json({**SIZES["tiny"].to_json(), "colour": "red"})


@pytest.mark.parametrize("wrong", [{"channels": []}, {"channels": 8}, {"expert_layers": None}, {"state_size": 1.5}])
def test_values_of_another_type_are_no_configuration(wrong):
    with pytest.raises(PolicyError, match="not a model configuration"):
        ModelConfig.from_json({**SIZES["tiny"].to_json(), **wrong})


def test_a_file_that_does_not_tell_the_expert_means_mm_dit():
    older = {name: value for name, value in SIZES["tiny"].to_json().items() if name != "expert"}
    assert ModelConfig.from_json(older) == SIZES["tiny"]
    with pytest.raises(PolicyError, match="expert must be one of"):
        ModelConfig.from_json({**older, "expert": "dit"})
