"""Any policy folder opens by its name alone, whichever network is in it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from psizero.cli.main import main
from psizero.cli.policies import policy_of, remote_policy, shipped_policy
from psizero.embodiment.layout import G1_DEX3
from psizero.errors import ConfigError, PolicyError
from psizero.runtime.client import ClientConfig, RemotePolicy, SteeredRemotePolicy
from psizero.runtime.contract import Contract
from psizero.runtime.modes import MODES
from psizero.types import Observation, SteeredPolicy, Steering
from tests.runtime.served import serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Path:
    pytest.importorskip("transformers", reason="needs the extra qwen: pip install psizero[qwen]")
    from tests.model import psi0_run

    return psi0_run.write_policy(tmp_path_factory.mktemp("imported"))


def test_the_shipped_policy_opens_without_a_name():
    ready = policy_of(None)()
    assert ready.name == "tiny (shipped)"
    assert (ready.layout.name, ready.max_promised) == ("g1_dex3", 7)


def test_an_imported_checkpoint_opens_by_its_folder(imported):
    ready = policy_of(imported)()
    assert ready.name == str(imported)
    assert (ready.layout.name, ready.max_promised, ready.picture_size) == ("g1_dex3", 7, None)


def test_an_imported_checkpoint_runs_as_it_is_typed(imported, capsys):
    # Its chunks of 12 rows leave room for answers 6 ticks late, on a busy computer, if it is asked every 6.
    often = ["--min-executed", "6"]
    main(["run", "--task", "pick_bottle", "--policy", str(imported), "--no-viewer", "--seconds", "0.4", *often])
    assert "0.4 s" in capsys.readouterr().out


def test_without_the_extra_one_line_says_what_to_install(imported, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)  # python's own way to say: not there
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--task", "pick_bottle", "--policy", str(imported), "--no-viewer"])
    line = str(stopped.value.code)
    assert "`pip install psizero[qwen]`" in line
    assert "\n" not in line


def test_naming_a_policy_loads_no_network(tmp_path):
    code = (
        "import sys, pathlib; from psizero.cli.policies import policy_of; policy_of(pathlib.Path(sys.argv[1])); "
        "assert not {'torch', 'transformers', 'tokenizers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)


def test_a_folder_that_is_none_is_one_line(tmp_path):
    with pytest.raises(PolicyError, match="psizero import"):
        policy_of(tmp_path / "nowhere")
    with pytest.raises(PolicyError, match="holds no whole policy"):
        policy_of(tmp_path)()
    (tmp_path / "config.json").write_text(json.dumps({"network": "another"}))
    for name in ("layout.json", "stats.json"):
        (tmp_path / name).write_text((shipped_policy() / name).read_text())
    with pytest.raises(PolicyError, match="holds the network 'another'"):
        policy_of(tmp_path)()


def seen(size: tuple[int, int], seed: int) -> Observation:
    random = np.random.default_rng(seed)
    pictures = {camera: random.integers(0, 256, (*size, 3), np.uint8) for camera in G1_DEX3.cameras}
    return Observation(
        time=0.0,
        tick=seed,
        joint_positions=np.zeros(0),
        joint_velocities=np.zeros(0),
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
        images=pictures,
        state=random.normal(scale=0.1, size=G1_DEX3.state.size).astype(np.float32),
        instruction="pick up the bottle",
    )


@pytest.mark.parametrize("steers", [True, False])
def test_a_served_policy_is_led_by_a_plan_as_one_at_hand_if_its_contract_says_so(steers):
    ready = policy_of(None)()
    assert ready.fork is not None and ready.picture_size is not None
    contract = Contract(
        name="tiny", layout=ready.layout, rows=ready.rows, max_promised=ready.max_promised, steers=steers
    )
    with serving(ready.fork, contract=contract) as wire:
        url = f"ws://127.0.0.1:{wire.port}"
        remote = remote_policy(url, None)
        assert isinstance(remote.policy, SteeredRemotePolicy if steers else RemotePolicy)
        remote.policy.close()
        if not steers:
            with pytest.raises(ConfigError, match=r"which the policy ws://127.0.0.1:.* does not offer; try one of"):
                MODES["guidance"].check(remote.policy, remote.name)
            return
        MODES["guidance"].check(remote.policy, remote.name)
        patient = RemotePolicy(url, G1_DEX3, ClientConfig(answer_within=30.0, connect_within=30.0))
        far, near = SteeredRemotePolicy(patient, rows=ready.rows), ready.fork()
        assert isinstance(near, SteeredPolicy)
        near.reset()
        hold = np.repeat(near.act(seen(ready.picture_size, 0), np.zeros((0, 36), np.float32)).values[:1], 40, axis=0)
        near.reset()
        rows = {"exact": 12, "identity": 40, "ramp": 9}  # 40 are more than a chunk has
        for tick, (how, count) in enumerate(rows.items()):
            steering = Steering(plan=hold[:count], promised=5, how=how)  # pyright: ignore[reportArgumentType]
            observation = seen(ready.picture_size, tick)
            led, here = far.steer(observation, steering), near.steer(observation, steering)
            assert led.start_tick == tick
            np.testing.assert_array_equal(led.values, here.values)
            np.testing.assert_array_equal(led.values[:5], hold[:5])
        unled = far.act(observation, np.zeros((0, 36), np.float32)).values
        assert np.abs(unled[:5] - hold[:5]).max() > 1e-3, "or the plan led nowhere"
        near.act(observation, np.zeros((0, 36), np.float32))
        free = Steering(plan=hold[:0], promised=0, how="ramp")
        np.testing.assert_array_equal(far.steer(observation, free).values, near.steer(observation, free).values)
        far.close()
