"""Boxes in files: those of others are read, our own come back, what is odd is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.annotations import (
    AnnotationError,
    read_coco,
    read_coco_results,
    read_files,
    read_voc,
    read_voc_results,
    read_yolo,
    write_coco,
    write_coco_results,
    write_voc,
    write_yolo,
)

VOC = """<?xml version="1.0" encoding="utf-8"?>
<annotation>
  <filename>000017.jpg</filename>
  <size><width>480</width><height>364</height><depth>3</depth></size>
  <object>
    <name>person</name><difficult>0</difficult>
    <bndbox><xmin>185</xmin><ymin>62</ymin><xmax>279</xmax><ymax>199</ymax></bndbox>
  </object>
  <object>
    <name>horse</name><difficult>1</difficult>
    <bndbox><xmin>90</xmin><ymin>78</ymin><xmax>403</xmax><ymax>336</ymax></bndbox>
  </object>
</annotation>
"""

SIDES = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 9), st.integers(1, 9))
RECORDS = st.lists(
    st.tuples(SIDES, st.sampled_from(["cat", "a dog & <two>"]), st.booleans()),
    min_size=1,
    max_size=6,
).map(
    lambda entries: [
        {"image": "p1", "box": (x, y, x + w, y + h), "label": label, "difficult": odd}
        for (x, y, w, h), label, odd in entries
    ]
)


def core_of(records):
    return [(r["image"], tuple(r["box"]), r["label"]) for r in records]


def test_a_file_of_voc():
    read = read_voc(VOC)
    assert core_of(read.records) == [
        ("000017", (184, 61, 279, 199), "person"),  # pixels from 1, the last one counts
        ("000017", (89, 77, 403, 336), "horse"),
    ]
    assert [r["difficult"] for r in read.records] == [False, True]
    assert read.sizes == {"000017": (480, 364)}


def test_a_line_of_yolo():
    read = read_yolo("3 0.5 0.25 0.5 0.5\n", "p1", (200, 100), {3: "bird"})
    assert core_of(read.records) == [("p1", (50, 0, 150, 50), "bird")]
    read = read_yolo("3 0.5 0.25 0.5 0.5 0.75", "p1", (200, 100), scored=True)
    assert (read.records[0]["label"], read.records[0]["score"]) == (3, 0.75)


def test_a_file_of_coco_as_pycocotools_reads_it(tmp_path):
    from pycocotools.coco import COCO

    truth = [
        {"image": 7, "box": (10, 20, 40, 60), "label": "cat", "crowd": True, "area": 900.0},
        {"image": 9, "box": (1, 2, 3, 4), "label": "dog"},
    ]
    path = tmp_path / "truth.json"
    path.write_text(write_coco(truth, {7: (640, 480)}))
    known = COCO(str(path))
    assert known.loadAnns([1])[0]["bbox"] == [10, 20, 30, 40]
    assert [known.loadCats([i])[0]["name"] for i in known.getCatIds()] == ["cat", "dog"]
    read = read_coco(path.read_bytes())
    assert core_of(read.records) == core_of(truth)
    assert (read.records[0]["crowd"], read.records[0]["area"]) == (True, 900)
    assert read.sizes == {7: (640, 480)}
    said = [truth[1] | {"score": 0.5}]
    results = json.loads(write_coco_results(said, truth))
    assert known.loadRes(results).loadAnns([1])[0]["image_id"] == 9
    assert core_of(read_coco_results(json.dumps(results), read.names).records) == core_of(said)


def test_a_file_of_vocs_detections():
    read = read_voc_results("000004 0.7 89 112 516 466\n", "car")
    assert core_of(read.records) == [("000004", (88, 111, 516, 466), "car")]
    assert read.records[0]["score"] == 0.7


@given(RECORDS)
def test_what_is_written_comes_back(records):
    read = read_voc(write_voc(records, "p1.png", (100, 80)))
    assert core_of(read.records) == core_of(records)
    assert [r["difficult"] for r in read.records] == [r["difficult"] for r in records]
    labels = ["a dog & <two>", "cat"]
    text = write_yolo(records, (100, 80), labels)
    for back, record in zip(
        read_yolo(text, "p1", (100, 80), dict(enumerate(labels))).records, records, strict=True
    ):
        assert back["label"] == record["label"]
        assert back["box"] == pytest.approx(record["box"], abs=1e-5)


def test_files_together_take_the_names_of_their_classes():
    files = [("a/p1.txt", b"1 0.5 0.5 1 1\n"), ("classes.txt", b"cat\ndog\n"), ("p2.txt", b"")]
    read = read_files(files, scored=False, size=(10, 10))
    assert core_of(read.records) == [("p1", (0, 0, 10, 10), "dog")]
    said = read_files([("comp4_det_val_cup.txt", b"p1 0.5 1 1 10 10")], scored=True)
    assert core_of(said.records) == [("p1", (0, 0, 10, 10), "cup")]


def test_what_is_odd_is_left_out_with_its_place():
    lines = b"0 0.5 0.5 1 1\n0 0.5 0.5 1\nx 0.5 0.5 1 1\n0 0.5 0.5 0 1\n0 50 50 20 20\n"
    read = read_files([("p1.txt", lines), ("p2.jpg", b"")], scored=False)
    assert len(read.records) == 1
    assert [(s.where, s.reason) for s in read.skipped] == [
        ("p2.jpg", "the ending '.jpg' is not known. Use .json (COCO), .xml (VOC) or .txt "
         "(YOLO, VOC's detections)."),
        ("p1.txt, line 2", "4 numbers; a box has 5: class, x, y, width, height"),
        ("p1.txt, line 3", "the class 'x' is no whole number"),
        ("p1.txt, line 4", "the box is 0 wide and 480 high"),
        ("p1.txt, line 5", "the numbers are no shares of the picture's sides, 0 to 1"),
    ]  # fmt: skip
    xml = VOC.replace("<xmax>279</xmax>", "").replace("<xmin>90<", "<xmin>wide<")
    assert [(s.where, s.reason) for s in read_voc(xml).skipped] == [
        ("line 5", "the box of the person has no xmax"),
        ("line 9", "'wide' is no number"),
    ]
    entries = [
        {"image_id": 1},
        5,
        {"image_id": 1, "category_id": 1, "bbox": [1, 2], "score": 1},
    ]
    assert [(s.where, s.reason) for s in read_coco_results(json.dumps(entries)).skipped] == [
        ("detection 0", "it has no 'category_id'"),
        ("detection 1", "it is no entry with image_id, category_id and bbox"),
        ("detection 2", "[1, 2] are not 4 numbers"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b'{"annotations": [}', "not JSON: line 1, column 18"),
        ("a.json", b"[]", 'no ground truth of COCO: that is an object with "annotations"'),
        ("a.json", b"\xff\xfe\x00", "no text in UTF-8: byte 0"),
        ("a.json", b"[" * 100_000, "not JSON that boxes are written in"),
        ("a.xml", b"<annotation>\n<object></annotation>", "not XML: line 2, column 11"),
        ("a.xml", b"<html/>", "line 1: the file begins with <html>; VOC's begin with"),
        ("a.xml", b"<a>" * 50, "line 1: elements are nested more than 20 deep"),
    ],
)
def test_files_that_hold_no_boxes_are_refused(name, content, words):
    with pytest.raises(AnnotationError) as caught:
        read_files([(name, content)], scored=False)
    assert words in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_unfolded(encoding):
    laughs = (
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c SYSTEM '
        '"file:///etc/passwd">]>\n<annotation><object><name>&c;</name></object></annotation>'
    ).encode(encoding)
    with pytest.raises(AnnotationError, match=r"line 2: a document type is not read|UTF-8"):
        read_voc(laughs)
