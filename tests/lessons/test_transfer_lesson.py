"""Settings of the page "Transfer learning" are always three runs."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augment.text import decode
from core.engine.settings import WORKER_MEMORY
from core.lessons.architecture import ArchitectureFields
from core.lessons.augmentation import AugmentationLesson
from core.lessons.backprop import BackpropLesson
from core.lessons.base import bounds, options, stops
from core.lessons.classify import ClassifyLesson
from core.lessons.convolution import ConvolutionLesson
from core.lessons.data import DataFields
from core.lessons.descent import DescentLesson
from core.lessons.kernels import KernelLesson
from core.lessons.normalization import NormLesson
from core.lessons.pixels import PixelLesson
from core.lessons.pooling import PoolingLesson
from core.lessons.softmax import SoftmaxLesson
from core.lessons.training import TrainingLesson
from core.lessons.transfer import BACKBONES, SIDES, WAYS, TransferLesson, fitting_side
from core.presets import PRESETS
from core.training.anatomies import PACKAGED
from core.training.anatomy import memory_warning
from core.training.transfer import EXAMPLES, TransferSpec, Way, rate_warning
from core.zoo.registry import ZOO

OTHERS = (
    ArchitectureFields, AugmentationLesson, BackpropLesson, ClassifyLesson, ConvolutionLesson,
    DescentLesson, KernelLesson, NormLesson, PixelLesson, PoolingLesson, SoftmaxLesson,
    TrainingLesson,
)  # fmt: skip


@st.composite
def links(draw):
    """Settings as a link may carry them."""
    values = {}
    for name, info in TransferLesson.model_fields.items():
        if info.annotation is bool:
            values[name] = draw(st.booleans())
        elif info.annotation is int:
            whole = bounds(TransferLesson, name)
            values[name] = draw(st.integers(whole[0], whole[-1]))
        elif info.annotation is float:
            values[name] = draw(st.sampled_from(stops(TransferLesson, name)))
        elif choices := options(TransferLesson, name):
            values[name] = draw(st.sampled_from(choices))
        else:
            values[name] = draw(
                st.sampled_from(["", "flip.horizontal_zoom", "nonsense", "a_b"])
            )
    return TransferLesson.nearest(values)[0]


@given(links())
def test_any_link_leads_to_three_runs_on_the_same_pictures(lesson):
    specs = [lesson.spec(way) for way in WAYS]
    assert [spec.way for spec in specs] == list(WAYS)
    assert len({spec.data.model_dump_json() for spec in specs}) == 1
    for spec in specs:
        assert TransferSpec.model_validate_json(spec.model_dump_json()) == spec


def test_the_three_ways_are_those_that_there_are():
    assert set(WAYS) == set(get_args(Way))


@pytest.mark.parametrize("backbone", BACKBONES)
def test_a_side_is_one_that_the_network_can_be_shown_and_the_nearest(backbone):
    own = ZOO[backbone].side
    for wanted in SIDES:
        side = fitting_side(backbone, wanted)
        assert TransferSpec(backbone=backbone, side=side).side == side
        if wanted:
            assert abs((side or own) - wanted) <= max(16, 64 + 31 - wanted)


def test_the_preset_of_oslo_is_the_tutorials_head():
    spec = PRESETS["transfer-oslo-head"].lesson.spec("frozen")
    named = {"name": EXAMPLES["oslo"].name, "data": EXAMPLES["oslo"].data}
    assert set(spec.model_copy(update=named).differences(EXAMPLES["oslo"])) == set()


def test_the_defaults_are_the_examples_of_the_three_ways():
    lesson = TransferLesson()
    for way, slug in (("frozen", "linear"), ("finetune", "finetune"), ("scratch", "scratch")):
        differing = set(lesson.spec(way).differences(EXAMPLES[slug]))
        assert {name for name in differing if not name.startswith("data.")} == set()


def test_of_drawn_pictures_few_are_taken_unless_more_are_asked_for():
    assert TransferLesson().data_spec().images == 120
    assert TransferLesson(images=300).data_spec().images == 300
    assert TransferLesson(dataset="faces").data_spec().images == 0
    assert TransferLesson(dataset="own").data_spec().images == 0


def test_a_pipeline_is_taken_along_and_one_that_cannot_be_read_is_left_out():
    good = TransferLesson(transfer_pipeline="flip.horizontal_rotation-degrees20")
    assert good.unreadable() == ""
    kinds = [step.kind for step in good.spec("frozen").augments.steps]
    assert kinds == [step.kind for step in decode(good.transfer_pipeline).steps]
    bad = TransferLesson(transfer_pipeline="sunglasses")
    assert "'sunglasses' is no augmentation" in bad.unreadable()
    assert bad.spec("frozen").pipeline == ""


def test_only_the_preset_with_too_high_a_rate_is_warned_of():
    warned = [
        preset.slug
        for preset in PRESETS.for_page("transfer")
        if rate_warning(preset.lesson.spec("finetune"))
    ]
    assert warned == ["transfer-rate-too-high"]


@pytest.mark.parametrize("other", OTHERS, ids=lambda kind: kind.__name__)
def test_only_the_data_set_has_names_that_other_pages_have(other):
    shared = set(TransferLesson.model_fields) & set(other.model_fields)
    assert shared <= set(DataFields.model_fields)


@pytest.mark.parametrize("preset", PRESETS.for_page("transfer"), ids=lambda p: p.slug)
@pytest.mark.parametrize("way", WAYS)
def test_a_preset_fits_into_the_memory_of_a_worker(preset, way):
    spec = preset.lesson.spec(way)
    assert memory_warning(spec, PACKAGED[spec.backbone], WORKER_MEMORY) == ""
