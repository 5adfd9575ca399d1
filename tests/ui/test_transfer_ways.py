"""What the page "Transfer learning" makes of its runs' events, without an engine."""

import time

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.lessons.transfer import TITLES, TransferLesson
from core.training import Event, Run, RunSpec, TransferSpec
from core.training.anatomies import PACKAGED
from core.training.anatomy import Share, shares
from core.ui.training import steering
from core.ui.training.status import begins_with, progress, status_line
from core.ui.transfer import blocks, stage, viewing
from core.ui.transfer import strip as drawn
from core.ui.transfer.chart import overlay
from core.ui.transfer.ways import course_of, result_of, same_pictures, shown_runs

LITE = PACKAGED["efficientnet-lite0"]
START = 1_000.0


class Teller:
    """Tells a run what a worker would have told it, second by second."""

    def __init__(self, way="finetune", **settings):
        self.run = Run(TransferSpec(way=way, **settings), "me")
        self.run.began = START
        self.run.wait_at(0)
        self.number = 0

    def tell(self, kind, seconds, step=0, **data):
        self.run.take(Event(self.number, START + seconds, kind, step, data))
        self.number += 1

    def head(self, seconds, done, of=3):
        self.tell(
            "preparing", seconds, what="head", done=done, of=of, loss=1 / done, accuracy=0.5,
            validation_loss=1.1 / done, validation_accuracy=0.1 * done,
        )  # fmt: skip

    def started(self, seconds):
        self.tell("started", seconds, steps_per_epoch=2, steps=4, trainable=2562, layers=["a"])

    def epoch(self, seconds, epoch, accuracy):
        self.tell(
            "epoch", seconds, 2 * epoch, epoch=epoch, loss=0.1, accuracy=0.9,
            validation_loss=0.2, validation_accuracy=accuracy,
        )  # fmt: skip


@pytest.fixture
def fine():
    teller = Teller()
    for done in (1, 2, 3):
        teller.head(4 + done, done)
    teller.started(8)
    teller.epoch(20, 1, 0.75)
    teller.epoch(30, 2, 0.5)
    return teller


def test_fine_tuning_goes_on_where_its_head_has_ended(fine):
    course = course_of(fine.run)
    assert course.epochs.tolist() == [1, 2, 3, 4, 5]
    assert course.seconds.tolist() == [5, 6, 7, 20, 30]
    assert course.validation_accuracy.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.75, 0.5])
    assert (course.opened, course.opened_seconds) == (3, 7)


def test_the_chart_marks_where_blocks_are_opened(fine):
    chart = overlay({"finetune": fine.run}, "epochs")
    assert [(mark.x, mark.text) for mark in chart.marks] == [(3, "fine-tuning begins")]
    by_clock = overlay({"finetune": fine.run}, "seconds")
    assert [mark.x for mark in by_clock.marks] == [7]
    assert by_clock.x_title == "Seconds since the click"
    assert {curve.name for curve in chart.curves} == {
        "Fine-tuning, training", "Fine-tuning, validation",
    }  # fmt: skip


def test_a_way_keeps_its_colour_when_others_are_missing(fine):
    frozen = Teller("frozen")
    both = overlay({"frozen": frozen.run, "finetune": fine.run}, "epochs")
    alone = overlay({"finetune": fine.run}, "epochs")
    numbers = {c.name: c.number for c in both.curves}
    assert all(numbers[curve.name] == curve.number for curve in alone.curves)


def test_a_head_that_is_not_done_has_no_mark():
    teller = Teller()
    teller.head(5, 1)
    assert overlay({"finetune": teller.run}, "epochs").marks == ()


def test_the_result_is_of_the_last_epoch_and_counts_from_the_click(fine):
    result = result_of(fine.run)
    assert (result.accuracy, result.best) == (0.5, 0.75)
    assert (result.seconds, result.learnt) == (30, 2562)


def test_the_latest_run_of_each_way_stands_for_it_if_the_pictures_are_the_same():
    other = {"dataset": "digits"}
    old, scratch, frozen, again = (
        Teller("frozen", data=other).run, Teller("scratch").run, Teller("frozen").run,
        Teller("frozen", dropout=0.5).run,
    )  # fmt: skip
    shown = shown_runs([old, scratch, frozen, again])
    assert shown == {"frozen": again, "scratch": scratch}
    assert shown_runs([scratch, old]) == {"frozen": old}
    assert shown_runs([scratch, frozen, again, old], frozen) == {
        "frozen": frozen, "scratch": scratch,
    }  # fmt: skip
    assert shown_runs([]) == {}


def test_other_uploads_are_other_pictures():
    def run(level):
        images = np.full((10, 8, 8, 3), level, np.uint8)
        own = Dataset("own", "Own", images, np.arange(10) % 2, ("a", "b"), "me", "mine")
        return Run(TransferSpec(data={"dataset": "own", "image_size": 16}), "me", own)

    assert same_pictures(run(1), run(1))
    assert not same_pictures(run(1), run(2))


def test_what_comes_before_the_first_step_is_said():
    run = Run(TransferSpec(), "me")
    run.wait_at(0)
    for number, (what, done, of) in enumerate(
        [("network", 0, 1), ("features", 34, 170), ("features", 0, 0), ("head", 3, 30)]
    ):
        data = {"what": what, "done": done, "of": of}
        run.take(Event(number, time.time(), "preparing", 0, data))
        line = status_line(run)
        said = ["the network is being built", "features of 34 of 170 pictures",
                "features are known already", "the head alone: epoch 3 of 30"]  # fmt: skip
        assert said[number] in line
        assert progress(run) == [0, 0.2, 0, 0.1][number]


def test_the_slider_of_the_rate_begins_with_the_rate_of_the_way():
    assert begins_with(TransferSpec(way="finetune", fine_rate=3e-5), "learning_rate") == 3e-5
    assert begins_with(TransferSpec(learning_rate=0.02), "learning_rate") == 0.02
    assert begins_with(RunSpec(dropout=0.4), "dropout") == 0.4


def test_only_what_a_run_heeds_can_be_changed_on_the_way():
    def live(spec):
        return [name for name in steering.LIVE if steering.heeds(spec, name)]

    rate, momentum, dropout, strength = steering.LIVE
    assert live(TransferSpec(augmentation="all")) == [rate, momentum, dropout]
    assert live(TransferSpec(way="scratch", augmentation="all")) == [*steering.LIVE]
    assert live(TransferSpec(way="finetune", optimizer="sgd")) == [rate, dropout]
    assert live(RunSpec(optimizer="adagrad", augmentation="flip")) == [rate, dropout, strength]


# What is drawn of the network


def light(monkeypatch):
    monkeypatch.setattr(drawn, "theme", lambda: "light")
    monkeypatch.setattr(blocks, "theme", lambda: "light")


def test_the_strip_has_a_bar_for_each_block_and_says_how_much_is_learnt(monkeypatch):
    light(monkeypatch)
    found = shares(TransferLesson(dataset="faces").spec("finetune"), LITE, 2)
    html = drawn.strip(found, "finetune")
    assert html.count("<div title=") == len(LITE.parts) + 1
    # Blocks 6b, 6c, 6d, 7a and the top: 3 x 476,160 + 605,440 + 412,160, and 1,281 x 2.
    assert "5 of 18 blocks and the head are learnt: 2,448,642 of 3,415,586" in html
    assert html.count("repeating-linear-gradient") == 13


def test_the_table_has_the_cut_above_the_first_block_that_is_learnt(monkeypatch):
    light(monkeypatch)
    lesson = TransferLesson(open_blocks=2, head_dense=128)
    rows = blocks.table(shares(lesson.spec("finetune"), LITE, 6), LITE, "finetune").split("<tr")
    cut = next(place for place, row in enumerate(rows) if "the cut" in row)
    assert "block7a" in rows[cut + 1]
    assert "head_dense (head)" in rows[cut + 3]
    assert f"{1281 * 128:,}" in rows[cut + 3]
    scratch = blocks.table(shares(lesson.spec("scratch"), LITE, 6), LITE, "scratch")
    assert "the cut" not in scratch


def test_a_frozen_network_says_so_for_those_who_listen():
    words = drawn.in_words([Share("a", 0, 10), Share("b", 0, 5), Share("output", 6, 0, True)])
    assert words == "0 of 2 blocks and the head are learnt: 6 of 21 parameters"


def test_the_questions_have_the_arithmetic_of_the_head():
    head, share = stage.questions_of(TransferLesson(head_dense=128), LITE, 6)
    assert head.answer == (1281 * 128 + 129 * 6,)
    assert "(1,280 + 1) x 128 + (128 + 1) x 6" in head.why
    assert 0 < share.answer[0] < 100
    plain, _ = stage.questions_of(TransferLesson(), LITE, 2)
    assert plain.answer == (2562,)


def test_names_of_ways_are_short_enough_for_a_card():
    assert all(len(title) < 28 for title in TITLES.values())


# Which run the views are about


class Seated:
    """A seat whose runs the test has made."""

    def __init__(self, *runs, chosen=None):
        self._runs, self._chosen = list(runs), chosen

    def runs(self):
        return self._runs

    def chosen(self):
        return self._chosen

    def going(self):
        return next((run for run in self._runs if not run.ended), None)


def ended(way, accuracy):
    teller = Teller(way)
    teller.started(1)
    teller.epoch(2, 1, accuracy)
    teller.tell("ended", 3, 2, state="finished", reason="", best=0)
    teller.run.keep_model(b"model")
    teller.run.settle()
    return teller.run


def test_of_runs_that_have_ended_the_best_is_viewed_and_of_equals_the_quickest(monkeypatch):
    frozen, fine, scratch = ended("frozen", 0.9), ended("finetune", 0.9), ended("scratch", 0.2)
    for runs, best in (
        ((frozen, fine, scratch), frozen),
        ((scratch, fine), fine),
        ((scratch,), scratch),
        ((), None),
    ):
        monkeypatch.setattr(viewing, "TRANSFER", Seated(*runs))
        assert viewing.viewed() is best


def test_what_goes_is_viewed_before_and_what_was_chosen_stays(monkeypatch):
    frozen, going = ended("frozen", 0.9), Teller("scratch").run
    monkeypatch.setattr(viewing, "TRANSFER", Seated(frozen, going))
    assert viewing.viewed() is going
    monkeypatch.setattr(viewing, "TRANSFER", Seated(frozen, going, chosen=frozen))
    assert viewing.viewed() is frozen
    assert viewing.ways() == {"frozen": frozen, "scratch": going}


def test_a_run_without_a_model_is_not_the_best(monkeypatch):
    frozen, failed = ended("frozen", 0.5), Teller("finetune").run
    failed.end("failed", "Out of memory.")
    monkeypatch.setattr(viewing, "TRANSFER", Seated(frozen, failed))
    assert viewing.viewed() is frozen
