"""A process that is alone keeps its pictures to itself, and a training keeps its window."""

import pytest

from psizero.data import shared_folder
from psizero.data.memory import window_for
from psizero.model.config import config_of_size
from psizero.train.pictures import plan_pictures

MODEL = config_of_size("tiny", state_size=32, action_size=36, cameras=1)
FRAME = 3 * MODEL.image_size[0] * MODEL.image_size[1]


@pytest.mark.parametrize("memory", [None, 1e-3])
def test_a_process_alone_makes_no_file_and_takes_its_window_from_memory(monkeypatch, memory):
    monkeypatch.setattr(shared_folder, "places", lambda: pytest.fail("it looked for a place for files"))
    settings = {}
    pictures = plan_pictures(settings, 1000, MODEL, memory)
    assert pictures.shared is None
    assert settings == {"window": pictures.window} == {"window": window_for(1000, FRAME, memory)}


def test_a_training_that_is_resumed_keeps_its_window():
    assert plan_pictures({"window": 7}, 1000, MODEL, None).window == 7
    assert plan_pictures({"window": None}, 1000, MODEL, 1e-3).window is None


def test_decoding_is_left_as_it_is_where_nobody_shares():
    def decode(episode):
        raise AssertionError

    assert plan_pictures({}, 1000, MODEL, None).share("training", decode) is decode
