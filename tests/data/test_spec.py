"""Settings give the same data set everywhere, and say what they cannot give."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from core.data import DataError, Dataset
from core.data.registry import REGISTRY
from core.data.spec import OWN, DataSpec


def own(count: int = 40) -> Dataset:
    images = np.random.default_rng(0).integers(0, 256, (count, 16, 16, 3), dtype=np.uint8)
    return Dataset("own", "Own", images, np.arange(count) % 2, ("a", "b"), "me", "mine")


def test_the_default_is_the_digits_in_seven_tenths_and_two_parts_of_the_rest():
    dataset, parts = DataSpec().load()
    assert dataset.slug == "digits"
    assert [len(p) for p in (parts.training, parts.validation, parts.test)] == [3500, 750, 750]


def test_the_same_settings_give_the_same_numbers_in_another_process():
    code = (
        "import sys; from core.data.spec import DataSpec; "
        "d, s = DataSpec(dataset='shapes', images=60, split_seed=3).load(); "
        "print(d.digest, s.test.tolist(), 'streamlit' in sys.modules, 'keras' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    dataset, parts = DataSpec(dataset="shapes", images=60, split_seed=3).load()
    assert done.stdout.strip() == f"{dataset.digest} {parts.test.tolist()} False False"


def test_settings_survive_the_way_to_a_worker():
    spec = DataSpec(dataset="shapes", shape_classes=("star", "ring"), image_noise=3.5)
    assert DataSpec.model_validate_json(spec.model_dump_json()) == spec
    assert len({spec, DataSpec(**spec.model_dump())}) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dataset": "cats"}, "'cats' is no data set. Use one of digits, shapes"),
        ({"training_share": 0.8, "validation_share": 0.2}, "leave nothing for the test"),
        ({"shape_classes": ("star", "moon")}, "'moon' is no shape"),
        ({"shape_classes": ("star",)}, "nothing to tell apart"),
        ({"shape_classes": ("star", "star")}, "each only once"),
        ({"images": -1}, "greater than or equal to 0"),
        ({"image_size": 8}, "greater than or equal to 16"),
    ],
)
def test_settings_without_a_data_set_are_refused_in_words(wrong, words):
    with pytest.raises(ValidationError, match=words):
        DataSpec(**wrong)


def test_own_pictures_are_taken_as_they_are_and_divided():
    mine = own()
    dataset, parts = DataSpec(dataset=OWN, image_size=16).load(mine)
    assert dataset is mine
    assert sorted(np.concatenate([parts.training, parts.validation, parts.test])) == [
        *range(40)
    ]


def test_own_pictures_that_are_not_there_are_missed_in_words():
    with pytest.raises(DataError, match="no own pictures yet"):
        DataSpec(dataset=OWN).load()


def test_pictures_sent_along_do_not_take_the_place_of_a_set_that_ships():
    assert DataSpec(dataset="digits").load(own())[0].slug == "digits"


def test_what_ships_needs_no_network_and_no_person():
    assert all(DataSpec(dataset=slug).ships for slug in ("digits", "shapes", "textures"))
    assert not DataSpec(dataset=OWN).ships


@pytest.mark.parametrize("slug", [slug for slug, entry in REGISTRY.items() if entry.ships])
def test_fewer_pictures_can_be_asked_for_of_every_set(slug):
    dataset, parts = DataSpec(dataset=slug, images=60).load()
    assert len(dataset) == 60
    assert max(dataset.class_counts) - min(dataset.class_counts) <= 1
    assert len(parts.training) + len(parts.validation) + len(parts.test) == 60


def test_every_setting_is_heeded_by_some_set():
    heeded = {name for entry in REGISTRY.values() for name in entry.heeds}
    own_fields = set(DataSpec.model_fields) - {
        "dataset", "training_share", "validation_share", "split_seed",
    }  # fmt: skip
    assert heeded == own_fields


CHANGED = {
    "images": 30,
    "image_size": 24,
    "image_noise": 40.0,
    "image_seed": 5,
    "shape_classes": ("ring", "plus"),
    "shape_smallest": 30,
    "shape_largest": 95,
    "shape_background": "plain",
    "texture_pair": "gratings",
}


@pytest.mark.parametrize("slug", ["shapes", "textures"])
@pytest.mark.parametrize("name", CHANGED)
def test_a_drawn_set_heeds_just_what_it_says(slug, name):
    before = DataSpec(dataset=slug, images=40).load()[0]
    after = DataSpec(**{"dataset": slug, "images": 40, name: CHANGED[name]}).load()[0]
    assert (after.digest != before.digest) == (name in REGISTRY[slug].heeds)


def test_the_seed_of_the_split_moves_no_picture_of_the_set():
    one, two = (DataSpec(images=100, split_seed=seed).load() for seed in (0, 1))
    assert one[0].digest == two[0].digest
    assert one[1].test.tolist() != two[1].test.tolist()
