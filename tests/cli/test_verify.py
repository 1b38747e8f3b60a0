import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch

from psizero.cli.main import main
from tests.model.recording import record_expert, record_guidance


def refused(arguments: list[object]) -> str:
    """Return the one line with which the command refuses."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    line = str(stopped.value.code)
    assert line.startswith("psizero: ") and "\n" not in line
    return line


def rows(shown: str) -> dict[str, str]:
    """Return what the table says of each output."""
    cells = (line.strip("│ ").split("│") for line in shown.splitlines() if line.startswith("│"))
    return {name.strip(): error.strip() for _, name, error in cells}


def test_the_reference_s_recordings_are_met(shared_data, capsys):
    golden = shared_data / "golden"
    main(["verify", "--golden", str(golden / "expert_small"), "--guidance", str(golden / "rtc_guidance.npz")])
    shown = rows(capsys.readouterr().out)
    assert len(shown) == 10 + 58
    assert all(float(error) < 1e-5 for error in shown.values())


def test_one_number_that_drifted_is_named_and_the_status_is_1(tmp_path, capsys):
    prefix = record_expert(tmp_path)
    tensors = safetensors.torch.load_file(f"{prefix}.io.safetensors")
    tensors["out/sample_4"] *= 1.0 + 2e-5
    safetensors.torch.save_file(tensors, f"{prefix}.io.safetensors")
    assert "1 recorded output(s) differ: sample_4;" in refused(["verify", "--golden", prefix])
    shown = rows(capsys.readouterr().out)
    assert float(shown["sample_4"]) == pytest.approx(2e-5, rel=0.1)
    assert float(shown["velocity_scalar_time"]) < 1e-6


@pytest.mark.parametrize(("drift", "told"), [(2e-4, True), (5e-5, False), (np.nan, True)])
def test_guidance_may_drift_by_1e_4_and_no_more(drift, told, tmp_path):
    path = record_guidance(tmp_path)
    entries = dict(np.load(path))
    entries["plain_3"] = entries["plain_3"] * np.float32(1.0 + drift)
    np.savez(path, **entries)
    if told:
        assert "differ: plain_3;" in refused(["verify", "--guidance", path])
    else:
        main(["verify", "--guidance", str(path)])


def test_nothing_to_compare_with_tells_what_to_give():
    assert "give --golden PREFIX, --guidance FILE.npz or both" in refused(["verify"])


def test_a_recording_that_is_not_there_is_one_line(tmp_path):
    assert "nowhere.json is missing" in refused(["verify", "--golden", tmp_path / "nowhere"])
    assert "nowhere.npz is missing" in refused(["verify", "--guidance", tmp_path / "nowhere.npz"])
    assert "cannot be read" in refused(["verify", "--guidance", tmp_path])


def test_the_status_of_the_command_is_1_and_nothing_but_the_line_on_stderr(tmp_path):
    command = [sys.executable, "-m", "psizero", "verify", "--golden", str(tmp_path / "x")]
    result = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert result.returncode == 1
    assert result.stderr.startswith("psizero: ") and len(result.stderr.splitlines()) == 1
