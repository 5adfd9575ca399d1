"""The scripts of the page "Segment" find the same object as the page."""

import cv2
import numpy as np
import pytest
from skimage import data

from core.export.segment_code import SHOWN_FILE, segment_script
from core.lessons.segment import SegmentLesson
from core.lessons.segment_case import SegmentCase, Segmented, classical, segmented
from core.vision.classify import Stages
from core.vision.metrics import iou
from core.vision.segment import Labelled
from core.zoo.segmenters import VOC_CLASSES

PHOTO = np.ascontiguousarray(data.coffee()[::3, ::3])


def case_of(lesson, answer):
    return SegmentCase(lesson, "Coffee", PHOTO, [segmented(lesson.seg_method, answer)])


def run(script, folder, monkeypatch):
    cv2.imwrite(str(folder / SHOWN_FILE), PHOTO[..., ::-1])
    monkeypatch.chdir(folder)
    scope = {}
    assert script.isascii()
    assert max(map(len, script.splitlines())) <= 100
    exec(compile(script, "script", "exec"), scope)
    cut = cv2.imread(str(folder / "cutout.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(cut[..., 3] > 0, scope["output"])
    return scope["output"]


@pytest.mark.parametrize(
    "settings",
    [
        {"seg_method": "threshold"},
        {"seg_method": "threshold", "seg_rule": "fixed", "seg_level": 90, "seg_side": "dark"},
        {"seg_method": "kmeans"},
        {"seg_method": "kmeans", "seg_place": 1.0, "seg_groups": 6, "seg_object": "1, 3"},
        {"seg_method": "watershed", "seg_apart": 20},
        {"seg_method": "watershed", "seg_relief": "gradient", "seg_object": "1, 2"},
        {"seg_method": "grabcut", "seg_rounds": 2},
        {"seg_method": "superpixels", "seg_patches": 40},
    ],
)
def test_the_script_gives_the_very_mask(settings, tmp_path, monkeypatch):
    lesson = SegmentLesson(**settings)
    case = case_of(lesson, classical(PHOTO, lesson.spec(lesson.seg_method)))
    output = run(segment_script(case), tmp_path, monkeypatch)
    np.testing.assert_array_equal(output, case.masks[0] > 0.5)


@pytest.mark.tf
@pytest.mark.slow
def test_the_networks_script_needs_opencv_alone(tmp_path, monkeypatch):
    from core.models.zoo.segmenting import load_segmenter
    from core.vision.prepare import resized
    from core.vision.segment import Salient, _to_size, stretched
    from core.vision.worker.segment import as_trained

    pixels = resized(PHOTO, 320, "squash")
    coarse = np.asarray(load_segmenter("u2net-p")(as_trained(pixels)[None]))[0, :, :, 0]
    answer = Salient(_to_size(stretched(coarse), PHOTO), coarse, pixels, Stages(0, 0, 0, 0, 1))
    case = case_of(SegmentLesson(), answer)
    script = segment_script(case)
    assert "keras" not in script
    # Two libraries add up in another order: pixels at the threshold may fall to either side.
    assert iou(run(script, tmp_path, monkeypatch), case.masks[0] > 0.5) > 0.999


@pytest.mark.tf
def test_deeplab_is_asked_for_by_its_preset(tmp_path, monkeypatch):
    import keras_cv

    labels = np.zeros(PHOTO.shape[:2], np.uint8)
    labels[PHOTO[..., 0] > 150] = VOC_CLASSES.index("cat")

    def from_preset(preset, **options):
        assert preset == "deeplab_v3_plus_resnet50_pascalvoc"
        assert options["input_shape"] == (512, 512, 3)

        def model(given, training):
            shares = np.zeros((1, 512, 512, 21), np.float32)
            cat = given[0, ..., 0] > 150
            shares[0, ..., 0] = ~cat
            shares[0, ..., VOC_CLASSES.index("cat")] = cat
            return shares

        return model

    monkeypatch.setattr(keras_cv.models.segmentation.DeepLabV3Plus, "from_preset", from_preset)
    answer = Labelled(labels, np.ones(labels.shape, np.float32), VOC_CLASSES,
                      Stages(0, 0, 0, 0, 1))  # fmt: skip
    case = case_of(SegmentLesson(seg_method="deeplab"), answer)
    output = run(segment_script(case), tmp_path, monkeypatch)
    assert iou(output, case.masks[0] > 0.5) > 0.9  # at the edges 512 pixels see less


def test_while_the_answer_is_awaited_the_script_is_there():
    case = SegmentCase(SegmentLesson(seg_method="deeplab"), "Coffee", PHOTO,
                       [Segmented("deeplab", None)])  # fmt: skip
    assert "mask = ~np.isin(labels, [0])" in segment_script(case)
