import pytest
import torch

from psizero.model.qwen_config import QwenConfig
from psizero.model.qwen_positions import Rotation, merge_order, patch_rotation, places_of, reach, text_rotation

CONFIG = QwenConfig()
PICTURE = 9


def test_words_count_on_and_vision_tokens_spread_over_rows_and_columns():
    ids = torch.tensor([[1, 2, *[PICTURE] * 6, 3, *[PICTURE] * 6, 4, 0]])
    places = places_of(ids, ids != 0, (2, 3), PICTURE)
    time, row, column = (axis[0, :-1].tolist() for axis in places.positions)
    # A picture of 2 x 3 tokens takes the place of 3 words: its longer side.
    assert time == [0, 1, 2, 2, 2, 2, 2, 2, 5, 6, 6, 6, 6, 6, 6, 9]
    assert row == [0, 1, 2, 2, 2, 3, 3, 3, 5, 6, 6, 6, 7, 7, 7, 9]
    assert column == [0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8, 9]
    assert places.vision_index[0, places.is_picture[0]].tolist() == list(range(12))


def test_squares_of_patches_come_together():
    numbers = torch.arange(2 * 6)[:, None]
    assert merge_order(numbers, 2, 6, 2)[:, 0].tolist() == [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]


def test_a_turn_depends_on_the_distance_alone():
    generator = torch.Generator().manual_seed(0)
    query, key = torch.randn(2, 128, generator=generator)
    turn = text_rotation(torch.arange(20).expand(3, 1, 20), CONFIG)
    turned = [Rotation(turn.cos[0, at], turn.sin[0, at]) for at in (2, 5, 12, 15)]
    scores = [turned[a].turn(query) @ turned[b].turn(key) for a, b in ((0, 1), (2, 3))]
    assert scores[0] == pytest.approx(scores[1].item(), abs=1e-3)


def test_frequencies_of_a_head_are_dealt_to_time_row_and_column_in_turn():
    straight = text_rotation(torch.zeros(3, 1, 1, dtype=torch.long), CONFIG).cos
    moved = []
    for axis in range(3):
        positions = torch.zeros(3, 1, 1, dtype=torch.long)
        positions[axis] = 1
        turned = text_rotation(positions, CONFIG).sin[0, 0, :64] != 0
        moved.append(turned.nonzero()[:, 0].tolist())
    assert straight.eq(1).all()
    assert [len(numbers) for numbers in moved] == list(CONFIG.rope_sections)
    assert moved[1][:3] == [1, 4, 7]
    assert moved[2][:3] == [2, 5, 8]


def test_the_first_patch_is_not_turned():
    turn = patch_rotation(4, 6, CONFIG, torch.device("cpu"))
    assert turn.cos.shape == (24, 64)
    assert turn.cos[0].eq(1).all() and turn.sin[0].eq(0).all()
    assert turn.sin[1, :16].eq(0).all() and turn.sin[1, 16:32].ne(0).all()  # one to the right: the columns turn


def test_tokens_look_back_at_what_is_there():
    looks = reach(torch.tensor([[True, True, False], [False, True, True]])).int().tolist()
    assert looks[0] == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert looks[1] == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
