"""Suppression of 10,000 boxes and COCO of 100,000 detections, beside other tools.

python -m benchmarks.boxes [rounds]

Both sides of each pair take the same boxes in turn, and have to give the same answer.
"""

import contextlib
import io
import sys
import time

import cv2
import numpy as np

from core.vision.metrics import average_precision, coco_summary, nms

BOXES, DETECTIONS, PICTURES, CLASSES = 10_000, 100_000, 2_000, 10


def seconds(do):
    begun = time.perf_counter()
    answer = do()
    return time.perf_counter() - begun, answer


def crowded(generator):
    """Whole boxes round 400 places of a large picture, with scores that all differ."""
    middles = generator.integers(0, 4000, (400, 2))[generator.integers(0, 400, BOXES)]
    corners = middles + generator.integers(-8, 9, (BOXES, 2))
    boxes = np.hstack([corners, corners + generator.integers(40, 80, (BOXES, 2))])
    return boxes.astype(float), generator.permutation(BOXES) / BOXES


def suppression(rounds):
    import tensorflow as tf

    boxes, scores = crowded(np.random.default_rng(0))
    tensors = tf.constant(boxes[:, [1, 0, 3, 2]], tf.float32), tf.constant(scores, tf.float32)
    wh = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]]).tolist()
    ways = {
        "here": lambda: nms(boxes, scores, 0.5),
        "TensorFlow": lambda: tf.image.non_max_suppression(*tensors, BOXES, 0.5).numpy(),
        "OpenCV": lambda: np.asarray(cv2.dnn.NMSBoxes(wh, scores.tolist(), 0.0, 0.5)),
    }
    compare(f"NMS of {BOXES:,} boxes", ways, rounds, lambda a, b: np.array_equal(a, b))


def detections(generator):
    """Objects, and detections of them that are a little off; some where nothing is."""
    truth, said = [], []
    for _ in range(DETECTIONS // 2):
        left, top, width, height = generator.integers((0, 0, 8, 8), (400, 400, 160, 160))
        record = {
            "image": int(generator.integers(1, PICTURES + 1)),
            "label": int(generator.integers(1, CLASSES + 1)),
            "box": tuple(map(int, (left, top, left + width, top + height))),
        }
        truth.append(record)
        for _ in range(2):
            off = generator.integers(-5, 6, 4)
            box = (
                *np.array(record["box"][:2]) + off[:2],
                *np.array(record["box"][2:]) + off[2:],
            )
            box = (*box[:2], max(box[2], box[0] + 1), max(box[3], box[1] + 1))
            said.append(
                record | {"box": tuple(map(int, box)), "score": float(generator.random())}
            )
    return said, truth


def averages(rounds):
    said, truth = detections(np.random.default_rng(1))
    ways = {
        "here": lambda: np.array(coco_summary(said, truth)),
        "pycocotools": lambda: theirs(said, truth),
    }
    compare(f"COCO's numbers of {len(said):,} detections", ways, rounds, np.allclose)
    for method in ("every-point", "101-point"):
        took, _ = seconds(lambda name=method: average_precision(said, truth, 0.5, name))
        print(f"  {method} at one threshold, all classes: {took:.2f} s")


def theirs(said, truth):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def entry(number, record):
        left, top, right, bottom = record["box"]
        box = [left, top, right - left, bottom - top]
        made = {"id": number, "image_id": record["image"], "category_id": record["label"]}
        return made | {"bbox": box, "area": box[2] * box[3], "iscrowd": 0}

    with contextlib.redirect_stdout(io.StringIO()):
        known = COCO()
        known.dataset = {
            "info": {},
            "images": [{"id": n} for n in range(1, PICTURES + 1)],
            "categories": [{"id": n} for n in range(1, CLASSES + 1)],
            "annotations": [entry(n, record) for n, record in enumerate(truth, start=1)],
        }
        known.createIndex()
        results = [entry(0, record) | {"score": record["score"]} for record in said]
        judge = COCOeval(known, known.loadRes(results), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return judge.stats


def compare(title, ways, rounds, same) -> None:
    """Best time of each way, in turn, against ours."""
    best, answers = dict.fromkeys(ways, np.inf), {}
    for _ in range(rounds):
        for name, do in ways.items():
            took, answers[name] = seconds(do)
            best[name] = min(best[name], took)
    print(title)
    for name, took in best.items():
        agrees = same(answers[name], answers["here"])
        print(
            f"  {name}: {took:.3f} s, {took / best['here']:.2f} of ours"
            + ("" if agrees else ", ANOTHER ANSWER")
        )
    if not all(same(answer, answers["here"]) for answer in answers.values()):
        raise SystemExit("The answers differ.")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    suppression(rounds)
    averages(max(rounds // 3, 1))


if __name__ == "__main__":
    main()
