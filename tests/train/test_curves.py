import sys

import pytest

from psizero.errors import MissingExtraError
from psizero.train.curves import open_curves


def test_tensorboard_gets_a_point_of_each_curve(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    curves = open_curves("tensorboard", tmp_path)
    for step, loss in ((20, 0.5), (40, 0.25)):
        curves.write(step, {"loss": loss})
    curves.close()
    read = EventAccumulator(str(tmp_path)).Reload()
    assert [(event.step, event.value) for event in read.Scalars("loss")] == [(20, 0.5), (40, 0.25)]


@pytest.mark.parametrize("logger", ["trackio", "wandb"])
def test_a_library_that_is_not_there_names_its_extra(tmp_path, logger, monkeypatch):
    monkeypatch.setitem(sys.modules, logger, None)
    with pytest.raises(MissingExtraError, match=rf"psizero\[{logger}\]"):
        open_curves(logger, tmp_path)


def test_nothing_is_drawn_if_nothing_is_wanted(tmp_path):
    assert open_curves("none", tmp_path) is None
    assert not list(tmp_path.iterdir())
