from pathlib import Path

import pytest

from psizero.errors import ConfigError
from psizero.recipes.recipe import Demonstrations, HumanVideo
from psizero.recipes.tiny import tiny
from psizero.train.config import StageConfig


def test_each_stage_begins_with_the_one_before_and_reads_what_was_made(tmp_path):
    steps = dict(tiny(tmp_path).steps)
    assert [name for name in steps if ":" not in name] == ["pretrain", "posttrain", "finetune"]
    assert steps["posttrain"].begin_with == steps["pretrain"].out
    assert steps["finetune"].begin_with == steps["posttrain"].out
    made = {step.out for step in steps.values() if isinstance(step, HumanVideo | Demonstrations)}
    read = {Path(folder) for step in steps.values() if isinstance(step, StageConfig) for folder in step.data}
    assert read == made


def test_the_stages_leave_a_third_of_the_hour_for_the_data():
    minutes = [step.minutes for _, step in tiny().steps if isinstance(step, StageConfig)]
    assert sum(minutes) <= 40 and None not in minutes


def test_no_time_and_no_data_are_refused():
    with pytest.raises(ConfigError, match="minutes above 0"):
        tiny(finetune_minutes=0)
