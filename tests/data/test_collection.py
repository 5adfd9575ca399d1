"""Classes gathered by a person: what an act does, and what is refused."""

import base64
import io

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.collection import MOST_CLASSES, MOST_PICTURES, Collection, read_address
from core.data.uploads import read_files


def jpeg(level: int = 0) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (32, 32), (level, 90, 255 - level)).save(buffer, "JPEG")
    return buffer.getvalue()


def address(content: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"


def filled(*counts: int) -> Collection:
    collection = Collection()
    for number, count in enumerate(counts, start=1):
        if number > 2:
            collection = collection.after({"act": "add"})
        pictures = [address(jpeg(40 * number + n)) for n in range(count)]
        collection = collection.after(
            {"act": "pictures", "number": number, "pictures": pictures}
        )
    return collection


def test_it_begins_with_two_empty_classes_and_says_what_they_need():
    begun = Collection()
    assert [g.name for g in begun.classes] == ["Class 1", "Class 2"]
    assert begun.problem(5) == (
        "Every class needs at least 5 pictures; 'Class 1' has 0, 'Class 2' has 0."
    )


def test_five_pictures_a_class_are_enough_and_four_are_not():
    assert filled(5, 5).problem(5) == ""
    assert "'Class 2' has 4" in filled(5, 4).problem(5)


def test_what_was_gathered_becomes_a_data_set_with_its_names():
    collection = filled(5, 6, 7)
    for number, name in ((1, "cup"), (2, "pen"), (3, "hand")):
        collection = collection.after({"act": "rename", "number": number, "name": name})
    dataset = read_files(collection.files()).dataset
    counts = dict(zip(dataset.class_names, dataset.class_counts, strict=True))
    assert counts == {"cup": 5, "pen": 6, "hand": 7}


def test_classes_are_added_renamed_cleared_and_removed():
    collection = filled(3, 2).after({"act": "add"})
    assert [g.name for g in collection.classes] == ["Class 1", "Class 2", "Class 3"]
    collection = collection.after({"act": "clear", "number": 1})
    assert [len(g.pictures) for g in collection.classes] == [0, 2, 0]
    collection = collection.after({"act": "remove", "number": 2})
    assert [g.number for g in collection.classes] == [1, 3]
    again = collection.after({"act": "add"})
    assert len({g.number for g in again.classes}) == len({g.name for g in again.classes}) == 3


def test_one_picture_is_taken_away():
    before = filled(4, 0)
    after = before.after({"act": "drop", "number": 1, "place": 1})
    kept = before.classes[0].pictures
    assert after.classes[0].pictures == (kept[0], *kept[2:])


def test_names_must_be_there_and_differ():
    collection = filled(5, 5)
    same = collection.after({"act": "rename", "number": 2, "name": "Class 1"})
    assert same.problem(5) == "Two classes are called 'Class 1'. Give each a name of its own."
    empty = collection.after({"act": "rename", "number": 2, "name": " \u200b "})
    assert empty.problem(5) == "One class has no name. Give it one."


@pytest.mark.parametrize(
    "bad",
    [
        "", "nonsense", None, 7, "data:text/html;base64,PGI+",
        "data:image/jpeg;base64,!!!", address(b"GIF89a"),
        address(b"\xff\xd8\xff" + bytes(200_000)),
    ],
    ids=["empty", "text", "none", "number", "other kind", "no base64", "no JPEG", "too large"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(bad):
    assert read_address(bad) == b""
    taken = Collection().after(
        {"act": "pictures", "number": 1, "pictures": [bad, address(jpeg())]}
    )
    assert len(taken.classes[0].pictures) == 1
    assert taken.refused == "1 could not be read."


def test_there_are_bounds():
    many = [address(jpeg())] * (MOST_PICTURES + 3)
    full = Collection().after({"act": "pictures", "number": 1, "pictures": many})
    assert len(full.classes[0].pictures) == MOST_PICTURES
    assert f"At most {MOST_PICTURES} pictures" in full.refused
    wide = Collection()
    for _ in range(MOST_CLASSES):
        wide = wide.after({"act": "add"})
    assert len(wide.classes) == MOST_CLASSES
    assert f"At most {MOST_CLASSES} classes" in wide.refused


ACTS = st.fixed_dictionaries(
    {"act": st.sampled_from(["add", "remove", "rename", "pictures", "drop", "clear", "x", ""])},
    optional={
        "number": st.integers(-1, 14) | st.none() | st.text(max_size=3),
        "name": st.text(max_size=80),
        "place": st.integers(-2, 5) | st.none() | st.text(max_size=2),
        "pictures": st.lists(st.just(address(jpeg())) | st.text(max_size=5), max_size=4),
    },
)


@given(st.lists(ACTS, max_size=25))
def test_whatever_a_browser_sends_numbers_stay_unique_and_bounds_hold(acts):
    collection = Collection()
    for act in acts:
        collection = collection.after(act)
    numbers = [g.number for g in collection.classes]
    assert len(set(numbers)) == len(numbers) <= MOST_CLASSES
    assert collection.count == len(collection.files())
    assert all(len(g.name) <= 40 for g in collection.classes)


def test_pictures_keep_their_colours_on_the_way():
    picture = read_address(address(jpeg(200)))
    pixels = np.asarray(PIL.Image.open(io.BytesIO(picture)))
    assert np.abs(pixels.astype(int) - (200, 90, 55)).max() <= 6
