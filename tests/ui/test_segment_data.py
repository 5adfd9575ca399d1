"""What the browser is sent of a segmentation: pictures, shares, words; not before a guess."""

import base64
import json

import cv2
import numpy as np
import pytest
from skimage import data

from core.lessons.segment import SegmentLesson
from core.lessons.segment_case import MOST_PARTS, SegmentCase, Segmented, classical, segmented
from core.ui.components.segments import segments_data

PHOTO = np.ascontiguousarray(data.coffee()[::3, ::3])


def case_of(lesson, *answers):
    made = answers or [
        segmented(method, classical(PHOTO, lesson.spec(method)), took_ms=12.4)
        for method in lesson.methods
    ]
    return SegmentCase(lesson, "Coffee", PHOTO, made)


def picture(panel):
    content = base64.b64decode(panel["src"].partition(",")[2])
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def test_the_picture_is_as_shown_and_all_of_it_travels_as_json():
    case = case_of(SegmentLesson(seg_method="kmeans", seg_opacity=100))
    sent = segments_data(case)
    json.dumps(sent)
    (panel,) = sent["panels"]
    assert (sent["height"], sent["width"]) == PHOTO.shape[:2]
    # A JPEG is close to the pixels, and not the same.
    sent_picture = picture(panel).astype(int)
    off = [np.abs(sent_picture - other).mean() for other in (case.shown(0), PHOTO)]
    assert off[0] < off[1] / 2
    assert panel["note"] == "12 ms"
    assert [part["inside"] for part in panel["parts"]] == [False, True, True, True]
    assert panel["inside"] == [1, 2, 3]


def test_a_mask_travels_without_loss():
    case = case_of(SegmentLesson(seg_method="threshold", seg_shows="mask"))
    (panel,) = segments_data(case)["panels"]
    assert panel["src"].startswith("data:image/png;")
    np.testing.assert_array_equal(picture(panel), case.shown(0))
    assert "as a mask, white on black" in panel["alt"]


def test_of_many_parts_the_largest_are_listed_and_the_rest_added_up():
    lesson = SegmentLesson(seg_method="superpixels")
    (panel,) = segments_data(case_of(lesson))["panels"]
    case = case_of(lesson)
    assert len(panel["parts"]) == MOST_PARTS
    left = len(case.parts[0]) - MOST_PARTS
    assert panel["rest"].startswith(f"{left} smaller ones have ")
    both = case_of(lesson.model_copy(update={"seg_second": "threshold"}))
    assert len(segments_data(both)["panels"][0]["parts"]) == MOST_PARTS // 2


def test_the_box_is_sent_where_it_plays_a_part():
    lesson = SegmentLesson(seg_method="threshold", seg_second="grabcut", seg_left=20)
    one, two = segments_data(case_of(lesson))["panels"]
    assert one["box"] is None
    assert two["box"] == [0.2, 0.04, 0.82, 0.98]


def test_nothing_is_told_before_the_guess():
    case = case_of(SegmentLesson(seg_method="kmeans", seg_second="threshold"))
    sent = segments_data(case, conceal=True)
    assert sent["between"] == ""
    for panel in sent["panels"]:
        assert (panel["parts"], panel["inside"], panel["summary"]) == ([], [], "")
        assert "Guess first" in panel["says"]
        assert np.abs(picture(panel).astype(int) - PHOTO).mean() < 6


@pytest.mark.parametrize(
    ("one", "says", "failed"),
    [
        (Segmented("saliency", None), "is being asked", False),
        (
            Segmented("deeplab", None, coming=(5_000_000, 157_000_000)),
            "5 MB of about 157",
            False,
        ),
        (Segmented("saliency", None, "No file."), "No file.", True),
    ],
)
def test_what_is_awaited_and_what_failed_is_said(one, says, failed):
    (panel,) = segments_data(case_of(SegmentLesson(), one))["panels"]
    assert says in panel["says"]
    assert panel["failed"] is failed
    assert says in panel["alt"]
