import pytest

from psizero.errors import ConfigError
from psizero.registry import Registry


def test_a_typo_is_answered_with_the_nearest_name():
    with pytest.raises(
        ConfigError, match=r"unknown task 'hug_bx'; known: hug_box, pick_bottle. Did you mean 'hug_box'\?"
    ):
        Registry("task", {"pick_bottle": 1, "hug_box": 2})["hug_bx"]


def test_a_name_like_no_other_gets_the_list_and_no_guess():
    with pytest.raises(ConfigError, match=r"known: hug_box\.$"):
        Registry("task", {"hug_box": 2})["zzzz"]


def test_it_is_a_mapping_in_the_order_it_was_given():
    registry = Registry("thing", {"b": 1, "a": 2})
    assert list(registry.items()) == [("b", 1), ("a", 2)]


def test_the_given_dictionary_may_change_afterwards():
    things = {"a": 1}
    registry = Registry("thing", things)
    things["b"] = 2
    assert list(registry) == ["a"]
