"""The plane of pictures is sent places, neighbours and words."""

import base64
import json

import cv2
import numpy as np
import pytest

from core.insight.space import neighbours
from core.ui.components.space import (
    LARGEST_PX,
    MOST_PIXELS,
    MOST_POINTS,
    Cloud,
    Guest,
    space_data,
    thumbnails,
)


def cloud(count=6, side=40):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(count, 5)).astype("f4")
    near, far = neighbours(features, 3)
    labels = np.arange(count) % 2
    return Cloud(
        images=rng.integers(0, 256, (count, side, side, 3)).astype(np.uint8),
        places=features[:, :2], labels=labels, predicted=np.zeros(count, np.int64),
        sure=np.full(count, 0.75, np.float32), parts=np.arange(count) % 3, neighbours=near,
        distances=far, class_names=("cat", "dog"),
        part_names=("training", "validation", "test"),
        numbers=np.arange(count) + 100, what="PCA", x_title="PC 1", y_title="PC 2",
    )  # fmt: skip


def test_the_data_is_json_and_as_long_as_there_are_pictures():
    made = cloud()
    data = space_data(made)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    lengths = {
        len(data[name]) for name in ("x", "y", "labels", "parts", "right", "says", "near")
    }
    assert lengths == {6}
    np.testing.assert_allclose(data["x"], made.places[:, 0], rtol=1e-3)
    assert data["classes"] == [{"name": "cat", "count": 3}, {"name": "dog", "count": 3}]
    assert [group["count"] for group in data["groups"]] == [2, 2, 2]
    assert data["guest"] is None


def test_each_picture_says_what_it_is_taken_for():
    says = space_data(cloud())["says"]
    assert says[0] == "recognised, 75 %; training picture 100"
    assert says[1] == "taken for cat, 75 %; validation picture 101"


def test_the_sheet_holds_every_picture_at_its_place():
    made = cloud(5, side=8)
    made.images[:] = np.arange(5, dtype=np.uint8)[:, None, None, None] * 50
    data = space_data(made)
    content = base64.b64decode(data["sheet"].partition(",")[2])
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert decoded.shape == (2 * 8, 3 * 8, 3)
    assert data["across"] == 3
    for k in range(5):
        row, column = divmod(k, 3)
        middle = decoded[row * 8 + 4, column * 8 + 4]
        assert np.abs(middle.astype(int) - 50 * k).max() <= 6


@pytest.mark.parametrize(("count", "side"), [(1, 256), (90, 224), (1_000, 224), (700, 28)])
def test_thumbnails_stay_small_together(count, side):
    made = thumbnails(np.zeros((count, side, side, 3), np.uint8))
    assert len(made) == count
    assert max(made.shape[1:3]) <= LARGEST_PX
    assert made.shape[0] * made.shape[1] * made.shape[2] <= 1.1 * MOST_PIXELS
    assert side > 32 or made.shape[1] == side


def test_in_words_it_tells_whose_nearest_neighbours_are_of_their_class():
    made = cloud()
    own = (made.labels[made.neighbours[:, 0]] == made.labels).mean()
    assert space_data(made)["alt"] == (
        "PCA of 6 pictures (cat 3, dog 3). The nearest neighbour of "
        f"{round(100 * own)} % of them is of their own class."
    )


def test_a_guest_stands_among_them():
    made = cloud()
    guest = Guest(
        made.images[0], np.float32([1, -2]), "A cat", made.neighbours[0], made.distances[0]
    )
    told = space_data(made, guest)["guest"]
    assert (told["x"], told["y"], told["title"]) == (1.0, -2.0, "A cat")
    assert told["near"] == made.neighbours[0].tolist()
    assert told["src"].startswith("data:image/jpeg;base64,")


def test_too_many_are_refused_in_words():
    with pytest.raises(ValueError, match="1,001 pictures are too many to show; at most 1,000"):
        space_data(cloud(MOST_POINTS + 1, side=2))
