"""The scripts of the page "Detect" find the same boxes as the page."""

import cv2
import numpy as np
import pytest
from skimage import data

from core.export.detect_code import SHOWN_FILE, detect_script, five_steps
from core.lessons.detect import DetectLesson
from core.lessons.detect_case import DetectCase, Looked
from core.vision.baselines.faces import faces

ASTRONAUT = data.astronaut()
FACE = np.ascontiguousarray(ASTRONAUT[30:230, 130:330])


def case_of(lesson, candidates, picture=ASTRONAUT):
    return DetectCase(lesson, [Looked("picture", "Picture", picture, "d", candidates)])


def run(script, picture, folder, monkeypatch):
    cv2.imwrite(str(folder / SHOWN_FILE), picture[..., ::-1])
    monkeypatch.chdir(folder)
    assert script.isascii()
    assert max(map(len, script.splitlines())) <= 100
    scope = {}
    exec(compile(script, "script", "exec"), scope)
    assert cv2.imread("detected.png").shape == picture.shape
    return scope["output"]


def expected(found):
    return np.column_stack([found.boxes, found.scores, found.numbers])


@pytest.mark.parametrize(
    "settings",
    [{"det_iou": 30}, {"det_confidence": 10, "det_iou": 100}, {"det_confidence": 99}],
)
def test_the_face_script_gives_the_very_boxes(settings, tmp_path, monkeypatch):
    case = case_of(DetectLesson(det_method="faces", **settings), faces(FACE), FACE)
    output = run(detect_script(case), FACE, tmp_path, monkeypatch)
    np.testing.assert_allclose(output, expected(case.found[0]), rtol=1e-5)


@pytest.fixture(scope="module")
def tiny():
    """Candidates of YOLOv3-tiny, asked in this process."""
    from core.assets import path
    from core.vision.candidates import Candidates
    from core.vision.classify import Stages
    from core.vision.detect import letterbox
    from core.vision.letterbox import put_in
    from core.vision.worker.detect import maps
    from core.vision.yolo_head import decode_tiny
    from core.zoo.detectors import COCO_CLASSES

    path("yolov3-tiny")

    def candidates(picture, side):
        box = letterbox(picture, "yolov3-tiny", side)
        outputs, total, *_ = maps(put_in(picture, box, 127), "yolov3-tiny", 0.01)
        heads = decode_tiny(outputs, side)
        return Candidates(
            box.undo(np.concatenate([head.boxes.reshape(-1, 4) for head in heads])),
            np.concatenate([head.scores.reshape(-1, 80) for head in heads]),
            COCO_CLASSES,
            (picture.shape[1], picture.shape[0]),
            total,
            Stages(0, 0, 0, 0, 0),
            0.0,
            heads,
        )

    return candidates


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "picture"),
    [
        ({"det_confidence": 3, "det_iou": 100}, data.coffee()),
        (
            {
                "det_confidence": 2, "det_every": True, "det_classwise": False,
                "det_side": "288", "det_classes": "person, tie",
            },
            ASTRONAUT,
        ),
    ],
)  # fmt: skip
def test_the_networks_script_builds_fills_and_asks_it(
    tiny, settings, picture, tmp_path, monkeypatch
):
    lesson = DetectLesson(**settings)
    case = case_of(lesson, tiny(picture, lesson.side), picture)
    output = run(detect_script(case), picture, tmp_path, monkeypatch)
    known = expected(case.found[0])
    assert len(known) > 1
    # The page's network has its norms multiplied in: measured 1e-3 pixels.
    np.testing.assert_allclose(output, known, atol=0.05)


@pytest.mark.tf
@pytest.mark.parametrize("method", ["yolov8-m-voc", "retinanet-resnet50-voc"])
def test_kerascv_is_asked_for_by_its_preset(method, tmp_path, monkeypatch):
    import keras_cv

    from core.models.zoo.detecting import EveryCandidate
    from core.vision.candidates import Candidates
    from core.vision.classify import Stages
    from core.vision.letterbox import letterbox_of, put_in
    from core.zoo.detectors import DETECTORS, VOC_OBJECTS
    from tests.models.small_detectors import small_detector

    entry, asked = DETECTORS[method], {}
    detector = small_detector(method)

    def from_preset(preset, **options):
        asked.update(options, preset=preset)
        return detector

    monkeypatch.setattr(type(detector), "from_preset", from_preset)
    assert type(detector) in (keras_cv.models.YOLOV8Detector, keras_cv.models.RetinaNet)
    lesson = DetectLesson(det_method=method, det_confidence=1)
    box = letterbox_of(*ASTRONAUT.shape[:2], entry.side, entry.corner)
    square = put_in(ASTRONAUT, box, entry.fill)[None].astype(np.float32)
    boxes, scores = (np.asarray(part)[0] for part in EveryCandidate(detector, 640)(square))
    scores = scores.astype(np.float32)
    known = Candidates(
        box.undo(boxes), scores, VOC_OBJECTS, (512, 512), len(boxes), Stages(0, 0, 0, 0, 0), 0.0
    )
    case = case_of(lesson, known)
    output = run(detect_script(case), ASTRONAUT, tmp_path, monkeypatch)
    assert asked == {
        "preset": entry.call, "load_weights": True, "bounding_box_format": "xyxy",
    }  # fmt: skip
    assert len(output) == len(case.found[0])
    np.testing.assert_allclose(output[:5, :4], case.found[0].boxes[:5], atol=0.5)


def test_the_lectures_snippet_is_python():
    compile(five_steps(), "five_steps", "exec")
    assert five_steps().isascii()
