"""A detector learns: losses as elsewhere, AP as COCO's, boxes better and better."""

import numpy as np
import pytest

from core.architecture.detector import Detector, anchors, assign
from core.architecture.yolov8 import Yolov8
from core.data.box_files import as_zip, read_zip
from core.data.boxed import BoxSceneSpec
from core.training import DetectionSpec, RunError
from core.training.answers import AnswerError
from core.training.box_answers import evaluate_boxes, find
from core.training.found import Found, packed, precision_of, read, records, unpacked
from core.training.reading import read_spec
from core.training.snapshots import size_of
from core.vision.metrics import average_precision, box_ciou, box_giou, box_iou
from core.vision.metrics.coco import coco_summary
from tests.training.in_process import train

SMALL = BoxSceneSpec(
    images=240, image_size=48, shape_classes=("circle", "plus"), shape_smallest=35,
    shape_largest=60, shapes_most=2, shape_background="plain", image_noise=5,
)  # fmt: skip
TINY = {"width": 8, "depth": 3}


def small(**settings):
    return DetectionSpec(**({"data": SMALL, "detector": TINY, "epochs": 2} | settings))


def some_boxes(count, seed=0):
    random = np.random.default_rng(seed)
    low = random.uniform(0, 60, (count, 2))
    return np.concatenate([low, low + random.uniform(2, 40, (count, 2))], 1).astype(np.float32)


# Losses


@pytest.mark.tf
def test_the_box_losses_are_the_measures_of_the_page_boxes():
    from core.models.box_losses import BOX_LOSSES, overlap

    one, two = some_boxes(200), some_boxes(200, 1)
    pairs = list(zip(one, two, strict=True))
    np.testing.assert_allclose(
        overlap(one, two)[0], [box_iou(a, b) for a, b in pairs], atol=1e-5
    )
    for kind, measure in (("giou", box_giou), ("ciou", box_ciou)):
        expected = [1 - measure(a, b) for a, b in pairs]
        np.testing.assert_allclose(BOX_LOSSES[kind](one, two, 96), expected, atol=2e-5)
        np.testing.assert_allclose(BOX_LOSSES[kind](one, one, 96), 0, atol=1e-5)


@pytest.mark.tf
def test_squared_errors_by_hand():
    """Centres 12.5 and 25 % apart; roots of the sides 0.5 and 1 of width, equal of height."""
    from core.models.box_losses import squared_loss

    truth, said = np.float32([[0, 0, 25, 25]]), np.float32([[0, 25, 100, 50]])
    expected = (0.5 - 0.125) ** 2 + 0.25**2 + (1 - 0.5) ** 2
    np.testing.assert_allclose(squared_loss(truth, said, 100), expected, rtol=1e-4)


@pytest.mark.tf
def test_every_part_of_the_loss_by_hand():
    """One object among 16 cells: Keras' cross-entropies, each cell and class for itself."""
    import keras

    from core.models.box_losses import ciou_loss, costs, decoded, mean_overlap

    network = Detector(stride=8)
    truth = assign(network, 32, [(2, 10, 16, 20)], [1]).target[None]
    raw = np.random.default_rng(0).normal(size=(1, 4, 4, 8)).astype(np.float32)
    pairs = anchors(network, 32)
    parts = np.array(costs(truth, raw, pairs, 32, ciou_loss, (2.0, 0.5, 3.0)))[0]
    head = read(small(detector={"stride": 8}), raw[0], 32, 0.0)
    row, column = 1, 1  # centre (9, 15)
    box = np.array(decoded(raw, pairs, 32)[0])[0, row, column, 0]
    assert np.abs(head.boxes - np.clip(box, 0, 32)).sum(1).min() < 1e-4
    assert parts[0] == pytest.approx(2 * (1 - box_ciou(box, (2, 10, 16, 20))), rel=1e-4)
    entropy = keras.losses.BinaryCrossentropy(from_logits=True, reduction=None)
    cells = np.array(entropy(truth[0, ..., 0, 4][..., None], raw[0, ..., 4][..., None]))
    there = cells[row, column]
    assert parts[1] == pytest.approx(there + 0.5 * (cells.sum() - there), rel=1e-5)
    named = float(entropy(np.float32([[0, 1, 0]]), raw[:, row, column, 5:])[0]) * 3
    assert parts[2] == pytest.approx(3 * named, rel=1e-5)
    iou = float(mean_overlap(truth, raw, pairs, 32))
    assert iou == pytest.approx(box_iou(box, (2, 10, 16, 20)), abs=1e-5)


@pytest.mark.tf
def test_huge_raw_numbers_leave_the_loss_finite():
    from core.models.box_losses import BOX_LOSSES, costs

    network = Detector(stride=8)
    truth = assign(network, 32, [(2, 10, 16, 20)], [1]).target[None]
    for value in (-1e4, 1e4):
        raw = np.full((1, 4, 4, 8), value, np.float32)
        for loss in BOX_LOSSES.values():
            parts = np.array(costs(truth, raw, anchors(network, 32), 32, loss, (1, 1, 1)))
            assert np.isfinite(parts).all()


# What was found


def test_perfect_boxes_have_an_ap_of_1_and_shifted_ones_that_of_coco():
    dataset = SMALL.pictures()
    places = np.arange(40)
    random = np.random.default_rng(3)

    def said(shift):
        return [
            Found(
                dataset.boxes[p] + np.float32(shift),
                random.uniform(0.1, 1, len(dataset.boxes[p])).astype(np.float32),
                dataset.box_labels[p],
            )
            for p in places
        ]

    perfect = precision_of(said(0), dataset, places)
    assert (perfect.ap, perfect.ap50, perfect.ap75) == (1, 1, 1)
    found = said(4)
    measured = precision_of(found, dataset, places)
    theirs = coco_summary(records(found, dataset, places), dataset.records(places))
    assert measured.ap == pytest.approx(theirs.ap)
    assert measured.ap50 == pytest.approx(theirs.ap_50)
    assert measured.ap75 == pytest.approx(theirs.ap_75)
    assert 0 < measured.ap < measured.ap50
    assert measured.class_ap.mean() == pytest.approx(measured.ap, rel=1e-5)


def test_ap_is_that_of_pycocotools():
    import contextlib
    import io

    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    dataset, places = SMALL.pictures(), np.arange(30)
    random = np.random.default_rng(5)
    found = []
    for place in places:
        boxes = np.concatenate([dataset.boxes[place]] * 2)
        boxes = np.clip(boxes + random.normal(0, 2.5, boxes.shape), 0, 48)
        labels = random.integers(0, 2, len(boxes))
        scores = random.uniform(0.02, 1, len(boxes)).astype(np.float32)
        found.append(Found(boxes.astype(np.float32), scores, labels))
    kept = [each.chosen(0.01, 0.5) for each in found]
    names = list(dataset.class_names)

    def entry(record, number):
        x0, y0, x1, y1 = record["box"]
        return {
            "id": number, "image_id": record["image"], "bbox": [x0, y0, x1 - x0, y1 - y0],
            "category_id": names.index(record["label"]), "area": (x1 - x0) * (y1 - y0),
            "iscrowd": 0, "score": record.get("score"),
        }  # fmt: skip

    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "images": [{"id": int(p)} for p in places],
            "categories": [{"id": n, "name": name} for n, name in enumerate(names)],
            "annotations": [entry(r, n) for n, r in enumerate(dataset.records(places), 1)],
        }
        truth.createIndex()
        said = truth.loadRes([entry(r, n) for n, r in
                              enumerate(records(kept, dataset, places), 1)])  # fmt: skip
        judge = COCOeval(truth, said, "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    measured = precision_of(found, dataset, places)
    ours = (measured.ap, measured.ap50, measured.ap75)
    np.testing.assert_allclose(ours, judge.stats[:3], atol=1e-6)


def test_thresholds_choose_among_what_was_found():
    boxes = np.float32([(0, 0, 10, 10), (1, 0, 11, 10), (1, 0, 11, 10), (30, 30, 40, 40)])
    scores = np.float32([0.9, 0.8, 0.7, 0.1])
    found = Found(boxes, scores, np.array([0, 0, 1, 0]))
    assert len(found.chosen(0.05, 1.0)) == 4
    # IoU of the first two is 9 / 11; the third is of another class.
    assert found.chosen(0.05, 0.5).labels.tolist() == [0, 1, 0]
    assert len(found.chosen(0.05, 0.82)) == 4
    assert len(found.chosen(0.75, 0.5)) == 1
    again = unpacked(packed([found, found.first(0)]))
    np.testing.assert_array_equal(again[0].boxes, boxes)
    assert len(again[1]) == 0


# Settings


def test_what_plays_no_part_is_refused():
    with pytest.raises(ValueError, match="label_smoothing plays no part"):
        small(label_smoothing=0.1)
    with pytest.raises(ValueError, match="'rotate' would move the picture and not its boxes"):
        small(augmentation="rotate")
    with pytest.raises(RunError, match="A mirrored picture has no strength"):
        small().check_live("augmentation_strength")


def test_pictures_that_do_not_go_through_are_refused():
    spec = small(data=SMALL.model_copy(update={"image_size": 50}))
    dataset, parts = spec.data.load()
    with pytest.raises(RunError, match=r"50 pixels are no whole number of cells of 8. Use 48"):
        spec.refuse(dataset, parts)
    with pytest.raises(RunError, match="A batch of 200 needs more than the 168"):
        small(batch_size=200).refuse(*SMALL.load())
    assert small().largest_layer(SMALL.pictures()) == ("down_1", 24 * 24 * 8 * 16 * 4 * 3)


def test_a_spec_comes_back_from_its_json():
    spec = small(box_loss="giou", box_weight=7.5)
    assert read_spec(spec.model_dump_json()) == spec


def test_kerascvs_network_refuses_what_it_does_not_heed():
    yolov8 = {"kind": "yolov8", "width": 8}
    with pytest.raises(ValueError, match="box_loss plays no part in YOLOv8: KerasCV trains"):
        small(detector=yolov8, box_loss="giou")
    with pytest.raises(ValueError, match="dropout plays no part in YOLOv8"):
        small(detector=yolov8, dropout=0.1)
    spec = small(detector=yolov8)
    with pytest.raises(RunError, match="no layer of dropout"):
        spec.check_live("dropout")
    with pytest.raises(RunError, match=r"48 pixels are .* cells of 32.*Use 64"):
        spec.refuse(*SMALL.load())
    assert read_spec(spec.model_dump_json()) == spec
    assert small().largest_layer(SMALL.pictures())[0] == "down_1"
    pictures = SMALL.model_copy(update={"image_size": 64}).pictures()
    assert spec.largest_layer(pictures) == ("stem_1", 32 * 32 * 4 * 16 * 4 * 3)


# A run


@pytest.fixture(scope="module")
def trained():
    return train(small(epochs=20, learning_rate=0.01))


@pytest.mark.tf
@pytest.mark.slow
def test_it_finds_what_it_has_never_seen(trained):
    task = trained.task
    judged = task.judge(task.split.test)
    assert judged.accuracy > 0.6
    first, *_, last = trained.of("epoch")
    assert last.data["validation_loss"] < 0.5 * first.data["validation_loss"]
    assert last.data["validation_accuracy"] > first.data["validation_accuracy"] + 0.3


@pytest.mark.tf
@pytest.mark.slow
def test_what_is_told_is_what_its_boxes_give(trained):
    task, validation = trained.task, trained.task.split.validation
    last = trained.of("epoch")[-1].data
    raws = task.answer(validation.astype(np.int32)).numpy()
    found = [read(small(), raw, 48) for raw in raws]
    kept = [each.chosen(0.01, 0.5) for each in found]
    truth = task.dataset.records(validation)
    ap50 = average_precision(records(kept, task.dataset, validation), truth, 0.5, "101-point")
    assert last["validation_accuracy"] == pytest.approx(ap50)
    assert last["class_ap50"].mean() == pytest.approx(ap50, rel=1e-5)
    assert last["validation_parts"].sum() == pytest.approx(last["validation_loss"], rel=1e-4)


@pytest.mark.tf
@pytest.mark.slow
def test_the_parts_of_every_batch_add_up_to_its_loss(trained):
    batches = [event.data for event in trained.of("batches")]
    parts = np.concatenate([data["parts"] for data in batches])
    loss = np.concatenate([data["loss"] for data in batches])
    assert parts.shape == (len(loss), 4)
    np.testing.assert_allclose(parts[:, :3].sum(1), loss, rtol=1e-4)
    assert ((parts[:, 3] >= 0) & (parts[:, 3] <= 1)).all()
    assert parts[-5:, 3].mean() > parts[:5, 3].mean()
    assert np.isnan(trained.series.accuracy).all()


@pytest.mark.tf
@pytest.mark.slow
def test_the_same_scenes_are_looked_at_every_time(trained):
    looks = [event.data for event in trained.of("snapshot")]
    assert len(looks) >= 2
    started = trained.of("started")[0].data
    for look in looks:
        assert look["boxes"].shape == (8, 60, 4)
        assert set(look["maps"]) == set(started["shown"])
        assert size_of(look) < 200_000
    task = trained.task
    raws = task.answer(started["sample"].astype(np.int32)).numpy()
    for shown, raw in zip(unpacked(looks[-1]), raws, strict=True):
        expected = read(small(), raw, 48).first(60)
        np.testing.assert_allclose(shown.boxes, expected.boxes, atol=1e-3)


@pytest.mark.tf
@pytest.mark.slow
def test_the_trained_model_comes_back_from_its_file(trained):
    from core.training.worker.answers import Kept

    pictures = trained.task.dataset.images[:5]
    raws = trained.task.answer(np.arange(5, dtype=np.int32)).numpy()
    np.testing.assert_allclose(Kept(trained.model).logits(pictures), raws, atol=1e-4)


@pytest.mark.tf
@pytest.mark.slow
def test_the_same_spec_gives_the_same_curve():
    spec = small(epochs=1, dropout=0.2)
    one, two = train(spec), train(spec)
    np.testing.assert_allclose(one.loss, two.loss, rtol=1e-4)
    assert not np.allclose(one.loss, train(small(epochs=1)).loss, rtol=1e-4)


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("loss", ["giou", "squared"])
def test_every_box_loss_and_more_anchors_learn(loss):
    network = TINY | {"boxes": 3, "stride": 16}
    run = train(small(detector=network, box_loss=loss, epochs=3))
    first, *_, last = run.of("epoch")
    assert last.data["loss"] < first.data["loss"]
    assert run.end["state"] == "finished"


@pytest.fixture(scope="module")
def yolov8():
    """KerasCV's network, a quarter as wide as its smallest preset."""
    data = SMALL.model_copy(update={"image_size": 64, "shapes_most": 1})
    return train(
        small(
            data=data, detector=Yolov8(width=8), epochs=24, learning_rate=0.005,
            box_weight=7.5, class_weight=0.5, clipping="norm", clip=10.0,
        )
    )  # fmt: skip


@pytest.mark.tf
@pytest.mark.slow
def test_kerascvs_network_learns_boxes(yolov8):
    first, *_, last = yolov8.of("epoch")
    assert last.data["validation_loss"] < 0.7 * first.data["validation_loss"]
    assert last.data["validation_accuracy"] > 0.3
    judged = yolov8.task.judge(yolov8.task.split.test)
    assert judged.accuracy > 0.2
    told = last.data["validation_parts"]
    assert told.shape == (2,)
    assert told.sum() == pytest.approx(last.data["validation_loss"], rel=1e-4)


@pytest.mark.tf
@pytest.mark.slow
def test_its_parts_are_followed_and_its_model_comes_back(yolov8):
    from core.training.worker.answers import Kept

    started = yolov8.of("started")[0].data
    assert started["layers"][0] == "stem_1"
    assert {"stack4", "up_8", "down_32"} <= set(started["shown"])
    look = yolov8.of("snapshot")[-1].data
    assert size_of(look) < 300_000
    pictures = yolov8.task.dataset.images[:5]
    raws = yolov8.task.answer(np.arange(5, dtype=np.int32)).numpy()
    assert raws.shape == (5, 64 + 16 + 4, 64 + 2)
    np.testing.assert_allclose(Kept(yolov8.model).logits(pictures), raws, atol=1e-4)


@pytest.mark.tf
@pytest.mark.parametrize("detector", [TINY, {"kind": "yolov8", "width": 8}])
def test_picture_and_boxes_are_mirrored_together(detector):
    from core.training.worker.detection import Detection

    side = 64
    spec = small(data=SMALL.model_copy(update={"image_size": side}), detector=detector)
    dataset, parts = spec.data.load()
    task = Detection(spec, dataset, parts)
    indices = np.arange(40, dtype=np.int32)
    pictures, target = task.batch(indices)
    drawn, changed = (value.numpy() for value in task.drawn(pictures, target))
    rows = changed.reshape(40, -1, changed.shape[-1])[..., [0, 1, 2, 3, -1]]
    seen = set()
    for i in indices:
        for turn in ((), (0,), (1,), (0, 1)):
            if not np.array_equal(np.flip(pictures[i], turn), drawn[i]):
                continue
            boxes = dataset.boxes[i].copy()
            for axis in turn:
                low, high = 1 - axis, 3 - axis
                boxes[:, [low, high]] = side - boxes[:, [high, low]]
            there = rows[i][rows[i][:, 2] > 0]
            expected = np.column_stack([boxes, dataset.box_labels[i]])
            np.testing.assert_array_equal(sorted(there.tolist()), sorted(expected.tolist()))
            seen.add(turn)
    assert seen == {(), (0,), (1,), (0, 1)}


@pytest.mark.tf
@pytest.mark.slow
def test_it_goes_through_the_engine_which_then_answers(desk, engine):
    run = desk.start(small(epochs=1), "me")
    assert run.wait(240)
    assert run.state == "finished", run.reason
    assert run.latest("snapshot").data["boxes"].shape == (8, 60, 4)
    judged = evaluate_boxes(engine, run.model, run.spec)
    np.testing.assert_array_equal(judged.indices, run.split().test)
    dataset = run.pictures()
    again = precision_of(judged.found, dataset, judged.indices)
    assert judged.precision.ap50 == again.ap50
    with pytest.raises(AnswerError, match=r"takes uint8 of shape \(n, 48, 48, 3\)"):
        find(engine, run.model, run.spec, dataset.images[:1, :16])


@pytest.mark.tf
@pytest.mark.slow
def test_own_pictures_with_boxes_go_through_the_engine(desk, engine):
    scenes = SMALL.model_copy(update={"images": 40}).pictures()
    own = read_zip(as_zip(scenes), 48).dataset
    data = BoxSceneSpec(dataset="own", image_size=48)
    run = desk.start(small(data=data, epochs=1, batch_size=8), "me", own)
    assert run.wait(240)
    assert run.state == "finished", run.reason
    assert run.pictures().class_names == scenes.class_names
    judged = evaluate_boxes(engine, run.model, run.spec, own)
    assert len(judged.found) == len(run.split().test) == 6


@pytest.mark.tf
def test_a_model_of_classes_finds_no_boxes(monkeypatch):
    from types import SimpleNamespace

    from core.training.errors import WorkerError
    from core.training.worker import box_answers

    one_class_each = SimpleNamespace(model=SimpleNamespace(output_shape=(None, 10)))
    monkeypatch.setattr(box_answers, "kept", lambda digest, content: one_class_each)
    with pytest.raises(WorkerError, match="one class for each picture and no boxes"):
        box_answers.raw("", b"", np.zeros((1, 8, 8, 3), np.uint8))
