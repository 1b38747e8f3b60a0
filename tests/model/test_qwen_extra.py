import sys

import pytest

from psizero.errors import MissingExtraError
from psizero.model.qwen_extra import need_qwen


def test_a_missing_library_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)  # python's own way to say: not there
    with pytest.raises(MissingExtraError, match=r"needs the library transformers .* `pip install psizero\[qwen\]`"):
        need_qwen("transformers")
