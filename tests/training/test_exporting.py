"""A model in other forms says what it said."""

import subprocess
import sys

import numpy as np
import pytest

from core.models.blocks import blocks
from core.training import TransferSpec, exporting
from core.training.answers import AnswerError
from core.training.worker.exporting import interpreted
from tests.training.conftest import WAIT
from tests.training.inline import Inline, ended

pytestmark = pytest.mark.tf

SMALL = {"data": {"dataset": "faces", "images": 40}, "side": 64, "epochs": 3}


@pytest.fixture(scope="module")
def run():
    return ended(TransferSpec(dense=16, pooling="max", **SMALL))


def logits_of(run, pictures):
    import keras

    from core.training.worker.answers import kept

    model = kept("tests", run.model).model
    assert isinstance(model, keras.Model)
    return model.predict(pictures, verbose=0)


def test_tflite_gives_the_logits_of_keras(run):
    pictures = exporting.compared_on(run.pictures(), run.split())
    made = exporting.tflite(Inline(), run.model, "float32", pictures)
    assert made.content[4:8] == b"TFL3"
    np.testing.assert_allclose(
        interpreted(made.content, pictures), logits_of(run, pictures), atol=exporting.CLOSE
    )
    assert made.difference <= exporting.CLOSE
    assert made.agreeing == len(pictures) == len(made.before)


def test_smaller_numbers_make_a_smaller_file_that_says_nearly_the_same(run):
    pictures = exporting.compared_on(run.pictures(), run.split())
    made = {w: exporting.tflite(Inline(), run.model, w, pictures) for w in exporting.WEIGHTS}
    sizes = {weights: len(each.content) for weights, each in made.items()}
    assert sizes["float16"] < 0.55 * sizes["float32"]
    assert sizes["int8"] < 0.35 * sizes["float32"]
    assert made["float32"].difference < made["float16"].difference < made["int8"].difference
    assert made["float16"].agreeing >= len(pictures) - 1


def test_the_compared_pictures_were_not_learnt_from(run):
    dataset, split = run.pictures(), run.split()
    compared = exporting.compared_on(dataset, split)
    learnt = {dataset.images[k].tobytes() for k in split.training}
    assert len(compared) == len(split.test) + len(split.validation)
    assert not learnt & {picture.tobytes() for picture in compared}


def test_the_backbone_alone_needs_keras_alone(tmp_path):
    content = exporting.backbone(Inline(), "efficientnet-lite0")
    assert not exporting.needs_keras_cv(content)
    (tmp_path / "backbone.keras").write_bytes(content)
    script = (
        "import keras, sys\n"
        "model = keras.saving.load_model('backbone.keras', compile=False, safe_mode=True)\n"
        "print(model.input_shape, model.output_shape, model.count_params())\n"
        "assert not any(name.startswith(('core', 'keras_cv')) for name in sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, check=True, timeout=WAIT,
        capture_output=True, text=True,
    )  # fmt: skip
    # 4,694,024 with the 1,281,000 numbers of ImageNet's classes (Tan & Le's Lite0).
    assert told.stdout.split("\n")[0] == "(None, 224, 224, 3) (None, 7, 7, 1280) 3413024"


@pytest.mark.parametrize("count", [1, 3, 100])
def test_the_first_open_layer_is_that_of_the_lowest_open_block(count):
    from core.models.zoo import load

    spec = TransferSpec(way="finetune", open_blocks=count)
    network = load("efficientnet-lite0", include_top=False)
    layers = network.layers[1:]
    opened = [layer.name for _, group in blocks(layers)[-count:] for layer in group]
    name = exporting.first_open(Inline(), spec)
    place = [layer.name for layer in layers].index(name)
    assert {layer.name for layer in layers[place:]} == set(opened)


def test_where_nothing_is_opened_nothing_is_asked():
    engine = Inline()
    assert exporting.first_open(engine, TransferSpec()) == ""
    assert exporting.first_open(engine, TransferSpec(way="finetune", open_blocks=0)) == ""
    assert not engine.asked


def test_what_is_no_network_of_the_zoo_is_said():
    with pytest.raises(AnswerError, match="no pretrained network 'sledgehammer'"):
        exporting.backbone(Inline(), "sledgehammer")
