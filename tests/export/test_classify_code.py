"""The script says what the page says; tables hold the numbers that are shown."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from core.export.classify_code import SHOWN_FILE, classify_script
from core.export.classify_table import answers_csv, curve_csv
from core.lessons.classify import CLASSIFIERS, ClassifyLesson
from core.lessons.classify_case import Answered, ClassifyCase
from core.vision.challenges import CHALLENGES
from core.vision.classify import softmax
from core.vision.prepare import resized

ROOT = Path(__file__).parents[2]
PHOTO = data.chelsea()
LITE = "efficientnet-lite0"


def case(lesson, logits=None, curve=None):
    places = len(CHALLENGES[lesson.challenge].stops)
    answered = Answered(
        lesson.classifier, lesson.class_temperature, logits, logits, curve or {}, places
    )
    return ClassifyCase(lesson, "Chelsea", PHOTO, lesson.changes.apply(PHOTO), [answered])


@pytest.mark.parametrize("network", CLASSIFIERS)
def test_every_network_has_a_script_that_python_reads(network):
    for fit in ("crop", "squash", "pad"):
        script = classify_script(case(ClassifyLesson(classifier=network, seen_fit=fit)), None)
        compile(script, network, "exec")
        assert script.isascii()
        assert max(map(len, script.splitlines())) <= 100


def test_the_script_says_when_the_preprocessing_is_wrong():
    right = classify_script(case(ClassifyLesson()), "chelsea.png")
    wrong = classify_script(case(ClassifyLesson(seen_scaling="caffe")), "chelsea.png")
    assert "about -1 to 1, as the network was trained" in right
    assert "NOT as the network was trained" in wrong
    assert "pixels[..., ::-1]" in wrong
    assert SHOWN_FILE in classify_script(case(ClassifyLesson()), None)


RUN = """
import runpy, sys
import numpy as np
np.savez(sys.argv[2], output=runpy.run_path(sys.argv[1])["output"])
"""


def run(script, folder):
    path = folder / "script.py"
    path.write_text(script)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path), str(folder / "out.npz")],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return np.load(folder / "out.npz")["output"], done.stdout


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize(
    ("lesson", "sample"),
    [
        (ClassifyLesson(), "chelsea.png"),
        (
            ClassifyLesson(
                seen_fit="pad", seen_scaling="unit", class_temperature=2.0, top_count=8,
                hard_rotation=45.0, hard_patch=10.0,
            ),
            None,
        ),
    ],
    ids=["as it is", "changed"],
)  # fmt: skip
def test_the_script_gives_the_same_classes_with_the_same_probabilities(
    lesson, sample, tmp_path
):
    from core.models.zoo import load

    spec, shown = lesson.spec(LITE), lesson.changes.apply(PHOTO)
    cv2.imwrite(str(tmp_path / SHOWN_FILE), shown[..., ::-1])
    output, printed = run(classify_script(case(lesson), sample), tmp_path)
    given = spec.preprocessing.apply(resized(shown, 224, spec.fit))
    logits = np.asarray(load(LITE)(given[None], training=False))[0]
    shares = softmax(logits, lesson.class_temperature)
    best = np.argsort(-shares, kind="stable")[: lesson.top_count]
    index, probabilities = np.split(output, 2)
    np.testing.assert_array_equal(index, best)
    np.testing.assert_allclose(probabilities, shares[best], atol=1e-4)
    assert len(printed.strip().splitlines()) == lesson.top_count


def test_tables_hold_what_is_shown():
    logits = np.random.default_rng(0).normal(0, 2, 1000).astype(np.float32)
    lesson = ClassifyLesson(top_count=3)
    curve = {place: logits + place / 100 for place in CHALLENGES["rotation"].stops}
    known = case(lesson, logits, curve)
    rows = list(csv.DictReader(io.StringIO(answers_csv(known))))
    best = np.argsort(-logits)[:3]
    assert [int(row["class"]) for row in rows] == list(best)
    assert [float(row["logit"]) for row in rows] == pytest.approx(logits[best])
    assert float(rows[0]["power"]) == 1
    table = list(csv.DictReader(io.StringIO(curve_csv(known))))
    places = [float(row["rotation"]) for row in table if int(row["class"]) == best[0]]
    assert places == list(map(float, CHALLENGES["rotation"].stops))
    # A constant added to all logits changes no probability.
    shares = {row["probability"][:6] for row in table if int(row["class"]) == best[0]}
    assert len(shares) == 1


def test_tables_are_empty_while_the_answer_is_awaited():
    waiting = case(ClassifyLesson())
    assert answers_csv(waiting).count("\n") == 1
    assert curve_csv(waiting).count("\n") == 1
