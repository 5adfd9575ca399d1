"""Settings of the page "Kernels" and what they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.convolution import ConvSpec, convolve
from core.images.filtering import correlate
from core.kernels import KERNELS, PARAMETERS
from core.lessons.base import bounds, options, stops
from core.lessons.kernels import KernelLesson, with_suited
from core.lessons.kernels_case import build
from core.lessons.kernels_learning import learn, surprise
from core.numbers import NumbersError

PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
SLUGS = st.sampled_from(list(KERNELS))


def test_the_defaults_are_sobel_on_the_grey_photo():
    case = build(KernelLesson(), PHOTO)
    assert case.kernel.weights.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert case.before.shape == (60, 90)
    assert case.display == "signed"


def test_ranges_are_those_of_the_parameters():
    for name, parameter in PARAMETERS.items():
        info = KernelLesson.model_fields[name]
        assert (info.title, info.description) == (parameter.title, parameter.help)
        assert info.default == parameter.default
        if name == "taps":
            assert list(bounds(KernelLesson, name)) == list(range(1, 16))
        else:
            marks = stops(KernelLesson, name)
            assert (marks[0], marks[-1]) == (parameter.low, parameter.high)
            np.testing.assert_allclose(np.diff(marks), parameter.step)


@given(SLUGS, st.integers(1, 15), st.integers(0, 7))
@settings(deadline=None)
def test_sliders_offer_what_has_a_result(slug, taps, turn):
    lesson, notices = KernelLesson.nearest({"named": slug, "taps": taps, "turn": turn})
    assert lesson.problem() is None
    sizes = KERNELS[slug].sizes
    assert bool(notices) == ((bool(sizes) and taps not in sizes) or lesson.turn != turn)
    for name in ("taps", "turn"):
        for value in lesson.choices(name):
            other = lesson.with_value(name, value)
            assert other.problem() is None
            assert other.kernel().weights.size
    if sizes:
        assert set(lesson.choices("taps")) <= set(sizes)


def test_what_does_not_fit_is_mended_field_by_field():
    lesson, notices = KernelLesson.nearest(
        {"named": "sobel-x", "taps": 4, "second": "log", "second_taps": 8, "canny_low": 999,
         "canny_high": 100, "operator_taps": 6, "learn_taps": 2}
    )  # fmt: skip
    assert (lesson.taps, lesson.second_taps, lesson.canny_low) == (3, 7, 100)
    assert (lesson.operator_taps, lesson.learn_taps) == (5, 1)
    assert len(notices) == 5
    assert notices[0] == "Size is now 3 instead of 4: Sobel x has an odd size from 3 to 15."


def test_a_kernel_that_was_just_chosen_suits():
    for slug, named in KERNELS.items():
        before = KernelLesson(named=slug, taps=3, turn=1, mirror="both", resolution=128)
        after = with_suited(before)
        assert after.problem() is None
        assert {name: getattr(after, name) for name in named.suits} == named.suits
        assert (after.turn, after.mirror, after.resolution) == (0, "none", 128)
    assert with_suited(KernelLesson(named="own", turn=2)).turn == 0


@given(SLUGS, st.integers(0, 3), st.sampled_from(["none", "horizontal", "vertical", "both"]),
       st.sampled_from(["published", "none", "sum", "absolute"]), st.floats(0.5, 20),
       st.floats(-100, 100))  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_making_the_weights_ones_own_changes_no_answer(slug, quarter, mirror, divide, by, add):
    lesson = with_suited(KernelLesson(named=slug)).model_copy(
        update={"turn": 2 * quarter, "mirror": mirror, "divide": divide, "divide_by": by,
                "add_offset": add}
    )  # fmt: skip
    own = lesson.with_weights(lesson.kernel().weights)
    assert own.named == "own"
    before, after = lesson.kernel(), own.kernel()
    np.testing.assert_allclose(after.effective, before.effective, rtol=1e-9, atol=1e-15)
    assert after.offset == pytest.approx(np.clip(before.offset, -255, 255))
    link, notices = KernelLesson.nearest({k: str(v) for k, v in own.differences().items()})
    assert not notices
    np.testing.assert_array_equal(link.kernel().weights, after.weights)


def test_own_weights():
    lesson = KernelLesson(named="own", own_weights="0 1/4 0 / 1/4 -1 1/4 / 0 1/4 0")
    assert lesson.kernel().weights.sum() == 0
    assert lesson.text_problem("own_weights") is None
    broken = KernelLesson(named="own", own_weights="1 2 / x")
    assert "'x' is not a number" in (broken.text_problem("own_weights") or "")
    assert broken.problem() is None  # the page goes on with the last that could be read
    with pytest.raises(NumbersError, match="'x' is not a number"):
        build(broken, PHOTO)


def test_scale_and_offset_are_those_of_pillow():
    kernel = KernelLesson(named="pillow-emboss", divide_by=2, add_offset=-28).kernel()
    assert (kernel.scale, kernel.offset) == (2, 100)
    kernel = KernelLesson(named="pillow-smooth", divide="none", divide_by=0).kernel()
    assert kernel.scale == 1


@pytest.mark.parametrize("colours", ["grey", "channels"])
@pytest.mark.parametrize("border", ["zeros", "constant", "reflect", "edge", "wrap"])
def test_the_answer_is_the_convolution_pages(colours, border):
    lesson = KernelLesson(named="kirsch", colours=colours, border=border, border_value=77)
    case = build(lesson, PHOTO)
    image = case.before.reshape(*case.before.shape[:2], -1)
    channels = image.shape[2]
    spec = ConvSpec(padding="same", padding_mode=border, padding_value=77, groups=channels)
    bank = np.repeat(case.kernel.weights[:, :, None, None], channels, axis=3)
    expected = convolve(image, bank, spec).output.reshape(case.before.shape)
    np.testing.assert_allclose(case.filtered.response, expected, atol=1e-9)


@pytest.mark.parametrize(
    ("named", "display"),
    [("sobel-x", "signed"), ("outline", "signed"), ("box", "clip"), ("sharpen", "clip"),
     ("pillow-emboss", "clip"), ("pillow-find-edges", "signed"), ("pillow-contour", "clip")],
)  # fmt: skip
def test_how_an_answer_is_shown_of_itself(named, display):
    assert build(KernelLesson(named=named), PHOTO).display == display
    assert build(KernelLesson(named=named, display="stretch"), PHOTO).display == "stretch"


def test_a_pixel_beyond_the_photo_moves_onto_it():
    case = build(KernelLesson(probe="999,5", resolution=64), PHOTO)
    assert case.pixel == (case.before.shape[0] - 1, 5)
    assert build(KernelLesson(), PHOTO).pixel == (30, 67)


def test_kernels_in_a_row():
    lesson = KernelLesson(named="box", repeated=2, second="laplacian", third="gaussian",
                          third_taps=5, third_sigma=2.0)  # fmt: skip
    assert [title for title, _ in lesson.chain()] == [
        "Box blur", "Box blur", "Laplacian, 4 neighbours", "Gaussian blur",
    ]  # fmt: skip
    case = build(lesson, PHOTO)
    assert case.composed.weights.shape == (11, 11)
    answers = case.grey.astype(float)
    for _, kernel in lesson.chain():
        answers = correlate(answers, kernel.effective, "edge")
    at_once = correlate(case.grey, case.composed.effective, "edge")
    inside = (slice(6, -6), slice(6, -6))
    np.testing.assert_allclose(at_once[inside], answers[inside], atol=1e-9)


# Learning


@pytest.mark.parametrize("lot", range(40))
def test_every_surprise_can_be_found(lot):
    name, hidden = surprise(lot)
    assert max(hidden.weights.shape) <= 5
    assert name.split(",")[0] in {named.title.split(",")[0] for named in KERNELS.values()}
    again, same = surprise(lot)
    assert (again, same.weights.tolist()) == (name, hidden.weights.tolist())
    case = learn(KernelLesson(learn_lot=lot, learn_taps=5, learn_rate=0.01), PHOTO)
    assert case.task.error(case.task.solution) == pytest.approx(0, abs=1e-12)


def test_lots_differ():
    assert len({surprise(lot)[0] for lot in range(100)}) > 10


def test_the_standardised_photo_has_mean_0_and_spread_1():
    case = learn(KernelLesson(), PHOTO)
    assert case.picture.mean() == pytest.approx(0, abs=1e-9)
    assert case.picture.std() == pytest.approx(1)
    plain = learn(KernelLesson(learn_scaling="plain"), PHOTO).picture
    assert 0 <= plain.min() <= plain.max() <= 1
    flat = learn(KernelLesson(), np.full((40, 40, 3), 9, dtype=np.uint8))
    assert np.isfinite(flat.descent.errors).all()


def test_plain_values_learn_more_slowly():
    # A photo has a large mean and neighbours that are alike; noise of its own has neither.
    smooth = np.cumsum(np.random.default_rng(3).normal(size=(60, 90, 1)), axis=1) * 4 + 128
    photo = np.clip(np.repeat(smooth, 3, axis=2), 0, 255).astype(np.uint8)
    plain = learn(KernelLesson(learn_scaling="plain"), photo).task.condition
    assert plain > 3 * learn(KernelLesson(), photo).task.condition


def test_noise_in_the_target_is_a_share_of_its_spread():
    clean = learn(KernelLesson(learn_noise=0.0), PHOTO)
    noisy = learn(KernelLesson(learn_noise=0.5), PHOTO)
    added = noisy.task.wanted - clean.task.wanted
    assert added.std() == pytest.approx(0.5 * clean.task.wanted.std(), rel=0.05)


@pytest.mark.parametrize("start", ["zeros", "random", "identity"])
def test_where_it_starts(start):
    case = learn(KernelLesson(learn_start=start, learn_taps=5, learn_rate=0.01), PHOTO)
    first = case.descent.kernels[0]
    assert first.shape == (5, 5)
    assert (first.sum() == 0) == (start == "zeros")
    if start == "identity":
        assert first[2, 2] == first.sum() == 1


def test_the_kernel_above_can_be_the_hidden_one():
    lesson = KernelLesson(named="pillow-smooth", learn_teacher="stage", add_offset=9)
    case = learn(lesson, PHOTO)
    assert case.teacher_name == "Pillow SMOOTH"
    np.testing.assert_allclose(case.task.solution, lesson.kernel().effective, atol=1e-9)


def test_batches_are_among_the_choices():
    for choice in options(KernelLesson, "learn_batch"):
        case = learn(KernelLesson(learn_batch=choice, learn_rate=0.01), PHOTO)
        assert case.descent.errors[-1] < case.descent.errors[0]
