"""What every test shares: one thread per process, repeatable examples, and the way to outside data."""

import os
import sys
from pathlib import Path

# Two OpenMP threads on a busy computer can be ten times slower than one; read when numpy and torch load.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

collect_ignore_glob = ["tests/*/*_peer.py"]
"""Programs that tests start in the environments of other libraries."""

settings.register_profile("psizero", deadline=None, derandomize=True)
settings.load_profile("psizero")


@pytest.fixture(autouse=True)
def _same_weights_each_run():
    """Whatever a test draws from torch's own generator is the same in each run and in any order of tests."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Recorded data sets and golden numbers that are not part of the repository."""
    root = Path(os.environ.get("PSIZERO_SHARED", Path(__file__).parent.parent / "shared"))
    if not (root / "data").is_dir():
        pytest.skip("needs the data beside the repository; PSIZERO_SHARED tells where it is")
    return root / "data"
