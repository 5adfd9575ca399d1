"""Blocks of networks as their papers count them."""

import keras
import pytest

from core.models.blocks import blocks
from core.models.zoo import load

pytestmark = pytest.mark.tf


def names(model):
    layers = [la for la in model.layers if not isinstance(la, keras.layers.InputLayer)]
    found = blocks(layers)
    assert sum(len(group) for _, group in found) == len(layers)
    return [name for name, _ in found]


def test_the_default_has_sixteen_blocks_between_stem_and_top():
    """Tan & Le 2019, table 1: 1 + 2 + 2 + 3 + 3 + 4 + 1 of them."""
    found = names(load("efficientnet-lite0", include_top=False))
    assert (found[0], found[-1]) == ("stem", "top")
    stages = [int(name[5]) for name in found[1:-1]]
    assert [stages.count(stage) for stage in range(1, 8)] == [1, 2, 2, 3, 3, 4, 1]


def test_mobile_net_has_seventeen_bottlenecks():
    """Sandler et al. 2018, table 2."""
    model = keras.applications.MobileNetV2((64, 64, 3), weights=None, include_top=False)
    assert len(names(model)) == 1 + 17 + 1


def test_vgg_has_five_blocks():
    """Simonyan & Zisserman 2015, table 1: each ends with a max pooling."""
    model = keras.applications.VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
    assert names(model) == [f"block{number}" for number in range(1, 6)]


def test_layers_whose_names_say_nothing_are_cut_where_the_maps_become_smaller():
    image = keras.Input((16, 16, 3))
    x = image
    for name, stride in (("a", 1), ("b", 2), ("c", 1), ("d", 2)):
        x = keras.layers.Conv2D(2, 3, stride, padding="same", name=name)(x)
    found = blocks(keras.Model(image, x).layers[1:])
    assert [(name, [la.name for la in group]) for name, group in found] == [
        ("16 x 16", ["a"]),
        ("8 x 8", ["b", "c"]),
        ("4 x 4", ["d"]),
    ]
