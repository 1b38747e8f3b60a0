import numpy as np
import torch

from psizero.model.device_stages import Stage, StageTimer, Upload

CPU = torch.device("cpu")


def test_an_upload_is_filled_in_place_so_that_a_captured_graph_would_find_it():
    upload = Upload(2, 3, dtype=torch.float32, device=CPU)
    before = upload.tensor.data_ptr()
    upload(lambda host: np.copyto(host, np.arange(6.0).reshape(2, 3)))
    assert upload.tensor.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert upload.tensor.data_ptr() == before


def test_a_stage_without_a_graph_does_its_work_each_time():
    calls = []
    stage = Stage(lambda: calls.append(0) or len(calls), graph=False)
    assert [stage(), stage()] == [1, 2]


def test_stages_of_one_name_add_up_and_a_new_start_forgets_them():
    timer = StageTimer(CPU)
    timer.start()
    for name in ("copy", "expert", "copy"):
        timer.mark(name)
    assert list(timer.seconds()) == ["copy", "expert"]
    assert all(seconds >= 0 for seconds in timer.seconds().values())
    timer.start()
    assert timer.seconds() == {}
