"""Own pictures with boxes in COCO, VOC and YOLO files; what does not work is told by file."""

import io
import json
import zipfile

import cv2
import numpy as np
import pytest

from core.data.archives import UploadError
from core.data.box_files import as_zip, read_files, read_zip
from core.data.boxed import BoxSceneSpec
from core.vision.annotations import write_voc, write_yolo


def png(width=80, height=40, level=90):
    return cv2.imencode(".png", np.full((height, width, 3), level, np.uint8))[1].tobytes()


PICTURES = [(f"images/{name}.png", png(level=60 + 20 * n)) for n, name in enumerate("abcd")]
RECORDS = [
    {"image": "a", "box": (20, 10, 60, 30), "label": "cup"},
    {"image": "a", "box": (0, 0, 40, 20), "label": "cat"},
    {"image": "b", "box": (40, 20, 80, 40), "label": "cup"},
    {"image": "c", "box": (8, 4, 16, 8), "label": "cat"},
]
"""In the pixels of pictures of 80 x 40; d has no object."""


def coco():
    images = [{"id": n, "file_name": f"{name}.png", "width": 80, "height": 40}
              for n, name in enumerate("abcd", 1)]  # fmt: skip
    entries = [
        {"id": n, "image_id": "abcd".index(r["image"]) + 1,
         "category_id": ("cat", "cup").index(r["label"]),
         "bbox": [r["box"][0], r["box"][1], r["box"][2] - r["box"][0],
                  r["box"][3] - r["box"][1]]}
        for n, r in enumerate(RECORDS)
    ]  # fmt: skip
    categories = [{"id": 0, "name": "cat"}, {"id": 1, "name": "cup"}]
    document = {"images": images, "annotations": entries, "categories": categories}
    return [("annotations/instances.json", json.dumps(document).encode())]


def own(name):
    return [record for record in RECORDS if record["image"] == name]


def voc():
    return [(f"xml/{n}.xml", write_voc(own(n), f"{n}.png", (80, 40)).encode()) for n in "abcd"]


def yolo():
    texts = [(f"labels/{n}.txt", write_yolo(own(n), (80, 40), ["cat", "cup"]).encode())
             for n in "abcd"]  # fmt: skip
    return [*texts, ("classes.txt", b"cat\ncup\n")]


@pytest.mark.parametrize("annotations", [coco, voc, yolo], ids=lambda f: f.__name__)
def test_every_format_gives_the_same_boxes_in_the_reduced_picture(annotations):
    """80 x 40 becomes 64 x 64: x times 0.8, y times 1.6."""
    upload = read_files([*PICTURES, *annotations()], side=64)
    dataset = upload.dataset
    assert dataset.class_names == ("cat", "cup")
    assert dataset.images.shape == (4, 64, 64, 3)
    np.testing.assert_allclose(dataset.boxes[0], [(16, 16, 48, 48), (0, 0, 32, 32)], atol=1e-4)
    assert dataset.box_labels[0].tolist() == [1, 0]
    np.testing.assert_allclose(dataset.boxes[1], [(32, 32, 64, 64)], atol=1e-4)
    assert [len(boxes) for boxes in dataset.boxes] == [2, 1, 1, 0]
    assert not upload.skipped
    assert upload.report == "4 pictures with 4 boxes of 2 classes."
    assert dataset.original_hw.tolist() == [[40, 80]] * 4


def test_a_zip_of_scenes_comes_back_as_it_was():
    scenes = BoxSceneSpec(images=20, image_size=48).pictures()
    again = read_zip(as_zip(scenes), side=48).dataset
    np.testing.assert_array_equal(again.images, scenes.images)
    names = again.class_names
    for place in range(20):
        np.testing.assert_allclose(again.boxes[place], scenes.boxes[place], atol=1e-3)
        assert [names[n] for n in again.box_labels[place]] == [
            scenes.class_names[n] for n in scenes.box_labels[place]
        ]


def test_what_cannot_be_used_is_told_by_file():
    files = [
        *PICTURES, ("images/e.png", b"no picture"), ("images/f.png", png()),
        ("other/a.png", png()), ("images/g.png", png(60, 60)), *voc(),
        ("xml/broken.xml", b"<annotation><object>"), ("notes.md", b"hello"),
        ("xml/g.xml", write_voc(own("b"), "g.png", (80, 40)).encode()),
    ]  # fmt: skip
    upload = read_files(files, side=64)
    assert len(upload.dataset) == 4
    told = {skip.name.rpartition("/")[2]: skip.reason for skip in upload.skipped}
    assert "No file of boxes names it" in told["f.png"]
    assert "other proportions" in told["g.png"]
    assert "80 x 40" in told["g.png"]
    assert "same name" in told["a.png"]
    assert "line" in told["broken.xml"]
    assert "e.png" in told
    assert upload.ignored == 1


def test_lines_that_are_no_boxes_are_told_with_their_number():
    texts = dict(yolo())
    texts["labels/a.txt"] += b"1 0.5 0.5 0.1\n0 0.5 0.5 40 40\n"
    upload = read_files([*PICTURES, *texts.items()], side=64)
    reasons = [(skip.name, skip.reason) for skip in upload.skipped]
    assert [name.partition(", ")[2] for name, _ in reasons] == ["line 3", "line 4"]
    assert "4 numbers; a box has 5" in reasons[0][1]
    assert "no shares" in reasons[1][1]


def test_boxes_are_cut_at_the_rim_and_what_vanishes_is_told():
    texts = dict(yolo())
    texts["labels/b.txt"] = b"1 0.95 0.5 0.2 0.2\n1 0.5 0.5 0.001 0.001\n"
    upload = read_files([*PICTURES, *texts.items()], side=64)
    np.testing.assert_allclose(upload.dataset.boxes[1], [(54.4, 25.6, 64, 38.4)], atol=1e-3)
    assert "1 of its boxes are smaller than a pixel of 64 x 64" in upload.skipped[0].reason


def test_too_little_is_refused_with_what_would_work():
    with pytest.raises(UploadError, match=r"0 pictures with boxes .* at least 3 .* YOLO file"):
        read_files(PICTURES)
    with pytest.raises(UploadError, match=r"2 pictures with boxes .* Not used: images/c.png"):
        read_files([*PICTURES[:3], *voc()[:2]])
    empty = [(f"{name}.txt", b"") for name in "abcd"]
    with pytest.raises(UploadError, match=r"no box for any of the pictures"):
        read_files([*PICTURES, *empty])
    with pytest.raises(UploadError, match=r"side 20 is out of bounds. Use 32 to 256"):
        read_files([*PICTURES, *yolo()], side=20)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../a.png", png())
    with pytest.raises(UploadError):
        read_zip(buffer.getvalue())
