"""Pictures per second inside of tf.data: of the code that the page gives, as they come."""

import numpy as np
import pytest

from core.augment import AugmentError, PipelineSpec
from core.augment.text import decode
from core.augment.throughput import LARGEST_BATCH, throughput
from core.augment.worker.throughput import measure
from core.data.shapes import scenes
from core.engine import EngineError

pytestmark = pytest.mark.tf

IMAGES = scenes(3, 32, 0).images


def test_what_is_counted_goes_together():
    found = measure(IMAGES, decode("rotation_hue"), 4, 0.2)
    assert (found.height, found.width, found.batch_size) == (32, 32, 4)
    assert found.batches >= 1
    # As many batches as were counted took at least as long as was asked for.
    assert found.batches * 4 / found.images_per_second >= 0.2
    assert found.step_ms == pytest.approx(4000 / found.images_per_second)
    assert min(found.bare_per_second, found.drawn_per_second) > 0
    assert f"{found.images_per_second:,.0f} pictures a second" in found.sentence
    assert "32 x 32" in found.sentence


def test_a_pipeline_that_mixes_labels_is_measured_too():
    assert measure(IMAGES, decode("cut.mix-probability0.5_flip.vertical"), 4, 0.1).batches >= 1


@pytest.mark.slow
def test_a_worker_for_trainings_measures(engine):
    found = throughput(engine, IMAGES, decode("flip.horizontal"), batch_size=8, seconds=0.2)
    assert found.images_per_second > 0
    assert found.cores >= 1


@pytest.mark.slow
def test_what_tensorflow_cannot_do_is_said_in_words(engine):
    wide = np.zeros((2, 1, 9, 3), np.uint8)
    with pytest.raises(EngineError, match="Nothing was measured"):
        throughput(engine, wide, decode("sharpness"), batch_size=2, seconds=0.1)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"batch_size": 1}, "Use 2 to 256 pictures"),
        ({"batch_size": LARGEST_BATCH + 1}, "batches of 257"),
        ({"seconds": 0}, "for 0 seconds"),
        ({"seconds": 60}, "up to 10 seconds"),
        ({"images": IMAGES[..., :1]}, r"shape (3, 32, 32, 1)"),
        ({"images": IMAGES.astype(float)}, "float64"),
        ({"pipeline": decode("zoom-smallest150-largest120")}, "goes from 150 to 120"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_what_can(change, complaint):
    given = {"images": IMAGES, "pipeline": PipelineSpec()} | change
    with pytest.raises(AugmentError) as error:
        throughput(None, **given)
    assert complaint in str(error.value)
