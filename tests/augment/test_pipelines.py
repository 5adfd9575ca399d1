"""Pipelines by name: those of the lectures and papers, and all that a menu needs of them."""

import keras
import numpy as np
import pytest

from core.augment import PipelineSpec, apply, catalog
from core.augment.pipelines import PIPELINES
from core.augment.text import decode, encode
from core.data.shapes import scenes

NAMES = list(PIPELINES)


@pytest.mark.parametrize("slug", NAMES)
def test_a_named_pipeline_says_what_it_is_and_survives_link_and_file(slug):
    named = PIPELINES[slug]
    assert named.slug == slug
    assert named.title
    assert named.about.endswith(".")
    assert named.source
    assert named.spec.problem() == ""
    assert decode(encode(named.spec)).steps == named.spec.steps
    assert PipelineSpec.from_json(named.spec.model_dump_json()) == named.spec


@pytest.mark.parametrize("slug", NAMES)
def test_every_setting_lies_on_a_mark_of_its_slider(slug):
    for step in PIPELINES[slug].spec.steps:
        for parameter in catalog()[step.kind].parameters:
            if parameter.low is not None:
                marks = (getattr(step, parameter.name) - parameter.low) / parameter.step
                assert marks == pytest.approx(round(marks)), (step.kind, parameter.name)


@pytest.mark.tf
@pytest.mark.parametrize("slug", NAMES)
def test_a_named_pipeline_runs_on_pictures_boxes_and_masks(slug):
    made = scenes(4, 48, 2, count=(1, 2))
    after = apply(made.images, PIPELINES[slug].spec, 1, made.boxes, made.masks)
    assert after.images.shape == made.images.shape
    assert set(np.unique(after.masks)) <= set(np.unique(made.masks)) | {0}


@pytest.mark.tf
def test_coimbras_three_pictures():
    image = scenes(1, 32, 0).images
    three = {
        slug: apply(image, PIPELINES[f"coimbra-{slug}"].spec, 0).images[0]
        for slug in ("original", "horizontal", "vertical")
    }
    np.testing.assert_array_equal(three["original"], image[0])
    np.testing.assert_array_equal(three["horizontal"], np.fliplr(image[0]))
    np.testing.assert_array_equal(three["vertical"], np.flipud(image[0]))


@pytest.mark.tf
def test_the_flowers_tutorials_layers_draw_from_the_same_ranges():
    """RandomRotation(0.1) and RandomZoom(0.1), as the tutorial has them."""
    _, turn, zoom = PIPELINES["flowers"].spec.steps
    rotation, layer = keras.layers.RandomRotation(0.1), keras.layers.RandomZoom(0.1)
    assert turn.degrees == pytest.approx(360 * rotation.factor[1])
    assert zoom.smallest / 100 == pytest.approx(1 / (1 + layer.height_factor), abs=0.011)
    assert zoom.largest / 100 == pytest.approx(1 / (1 - layer.height_factor), abs=0.012)
    assert (turn.fill, zoom.fill) == (rotation.fill_mode, layer.fill_mode)
