"""What a page is told of draws: the same as `apply` gives, from a worker."""

import numpy as np
import pytest

from core.augment import AugmentError, PipelineSpec
from core.augment.answers import DrawError, Request, answer, ask, words
from core.augment.text import decode
from core.augment.worker import answers, pipeline
from core.training.errors import WorkerError

pytestmark = pytest.mark.tf

PICTURES = np.random.default_rng(0).integers(0, 256, (4, 40, 56, 3), np.uint8)
BOXES = tuple(np.array([[4, 6, 30, 34]], np.float32) for _ in PICTURES)
MASKS = np.zeros((4, 40, 56), np.uint8)
MASKS[:, 6:34, 4:30] = np.arange(1, 5, dtype=np.uint8)[:, None, None]
SPEC = decode("rotation-degrees40-fillconstant_flip.horizontal_brightness-probability0.5")


def request(images=PICTURES[:1], spec=SPEC, **others):
    return Request(images, spec, 5, 6, **others)


def test_a_draw_is_what_apply_gives():
    found = answers.draws(request(boxes=BOXES[:1], masks=MASKS[:1]))
    repeated = [np.stack([one] * 6) for one in (PICTURES[0], BOXES[0], MASKS[0])]
    wanted = pipeline.apply(repeated[0], SPEC, 5, list(repeated[1]), repeated[2])
    np.testing.assert_array_equal(found.images, wanted.images)
    np.testing.assert_array_equal(found.masks, wanted.masks)
    for mine, other in zip(found.boxes, wanted.boxes, strict=True):
        np.testing.assert_array_equal(mine.xyxy, other.xyxy)
    assert [words(one) for one in found.drawn] == [words(one) for one in wanted.drawn]
    assert found.shares.tolist() == [[1.0]] * 6
    assert found.trail.shape == (0, 40, 56, 3)
    assert found.seconds > 0


def test_the_followed_draw_goes_from_the_original_to_its_result():
    found = answers.draws(request(followed=4))
    assert len(found.trail) == 1 + len(SPEC.steps)
    np.testing.assert_array_equal(found.trail[0], PICTURES[0])
    np.testing.assert_array_equal(found.trail[-1], found.images[4])
    for place, one in enumerate(found.drawn[4]):
        same = np.array_equal(found.trail[place], found.trail[place + 1])
        assert same == (not one.comes)


def test_mixing_takes_from_the_others_and_never_from_another_draw():
    spec = decode("mix.up-alpha1")
    found = answers.draws(request(PICTURES, spec, boxes=BOXES, masks=MASKS))
    np.testing.assert_allclose(found.shares.sum(axis=1), 1, atol=1e-6)
    levels = PICTURES.astype(float)
    for image, shares, drawn in zip(found.images, found.shares, found.drawn, strict=True):
        assert shares[0] == pytest.approx(drawn[0].values["weight"], abs=1e-6)
        assert (shares > 0).sum() == 2
        np.testing.assert_allclose(image, np.tensordot(shares, levels, 1), atol=0.51)
    owners = {int(n) for one in found.boxes for n in one.picture}
    assert owners <= {*range(6), 6, 7, 8}


def test_steps_that_do_not_go_together_are_told():
    bad = PipelineSpec.model_validate(
        {"steps": [{"kind": "zoom", "smallest": 120, "largest": 80}]}
    )
    with pytest.raises(AugmentError, match="Step 1"):
        answers.draws(request(spec=bad))


def test_other_failures_come_without_the_classes_of_tensorflow(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("no room")

    monkeypatch.setattr(answers, "stages", fail)
    with pytest.raises(WorkerError, match="no room"):
        answers.draws(request())


def test_an_engine_draws(engine):
    found = answer(ask(engine, request(followed=0)), 120)
    np.testing.assert_array_equal(found.images, answers.draws(request()).images)
    alone = Request(PICTURES[:1], decode("mix.up"), 0, 1)
    with pytest.raises(DrawError, match="takes from other pictures"):
        answer(ask(engine, alone), 120)
