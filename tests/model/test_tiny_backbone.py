import pytest
import torch

from psizero.model.tiny_backbone import KeyPoints


@pytest.mark.parametrize(("row", "column"), [(0, 0), (5, 7), (2, 3)])
def test_a_key_point_is_where_its_feature_is(row, column):
    points = KeyPoints(channels=1, points=1)
    torch.nn.init.constant_(points.score.weight, 10.0)
    features = torch.zeros(1, 1, 6, 8)
    features[0, 0, row, column] = 1.0
    found = points(features)[0]
    assert torch.allclose(found, torch.tensor([-1 + 2 * row / 5, -1 + 2 * column / 7]), atol=1e-4)


def test_a_key_point_between_two_pixels_is_between_them():
    points = KeyPoints(channels=1, points=1)
    torch.nn.init.constant_(points.score.weight, 10.0)
    features = torch.zeros(1, 1, 6, 8)
    features[0, 0, 2, 3:5] = 1.0
    assert abs(points(features)[0, 1] - (-1 + 2 * 3.5 / 7)) < 1e-4
