"""Presets of the page "Transfer learning"."""

from __future__ import annotations

from core.lessons.transfer import TransferLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

Decks = tuple[Deck, ...]


def _add(slug: str, title: str, topic: str, decks: Decks, lesson: Lesson, look: str) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "transfer-three-ways",
    "Three ways on the same pictures",
    "Ways to transfer",
    ("Oslo",),
    Lesson(),
    "Press All three. 84 pictures of six shapes: the head on frozen features is there in "
    "seconds, fine-tuning goes on from it, and from scratch the same network only guesses.",
)
_add(
    "transfer-oslo-head",
    "Oslo's tutorial: max pooling, Dense 128, dropout, flip",
    "Ways to transfer",
    ("Oslo",),
    Lesson(
        dataset="faces",
        head_pooling="max",
        head_dense=128,
        head_dropout=0.3,
        transfer_augmentation="flip",
    ),
    "The head of the flowers tutorial, on faces that need no network. With flip the features "
    "of each picture and of its mirror image are computed.",
)
_add(
    "transfer-oslo-flowers",
    "Oslo's tutorial on flowers",
    "Ways to transfer",
    ("Oslo",),
    Lesson(
        dataset="flowers", images=400, head_pooling="max", head_dense=128, head_dropout=0.3,
        transfer_augmentation="flip",
    ),
    "Five kinds, 80 photos each. The tutorial has 17 kinds and VGG19; the steps are the same. "
    "The photos are fetched once, under Data.",
)  # fmt: skip
_add(
    "transfer-linear-probe",
    "A linear probe: one layer on frozen features",
    "Ways to transfer",
    (),
    Lesson(dataset="faces"),
    "1,280 features and one dense layer. If that tells faces from what is none, the features "
    "do: nothing else has learnt.",
)
_add(
    "transfer-few-pictures",
    "Ten pictures of each class",
    "How little is enough",
    ("Oslo",),
    Lesson(dataset="faces", images=20, head_epochs=50),
    "Too little data to train from scratch, says the lecture. Press All three and see how much "
    "too little.",
)
_add(
    "transfer-far-from-imagenet",
    "Digits are no photos",
    "How little is enough",
    (),
    Lesson(dataset="digits", images=200),
    "ImageNet has no digits. The frozen features still help; compare fine-tuning with them, "
    "and with the page Training on the same pictures.",
)
_add(
    "transfer-textures",
    "Stripes or dots",
    "How little is enough",
    (),
    Lesson(dataset="textures", images=60),
    "Textures are what the first blocks see already. Sixty pictures are plenty.",
)
_add(
    "transfer-rate-too-high",
    "Fine-tuning with too high a rate",
    "The cut",
    (),
    Lesson(fine_rate=0.03, open_blocks=8),
    "Watch the mark where the blocks open: the loss jumps, and what ImageNet taught is gone. "
    "The page warns before.",
)
_add(
    "transfer-deep-cut",
    "The cut at the very bottom",
    "The cut",
    ("Oslo",),
    Lesson(open_blocks=18, fine_rate=5e-5, backbone_side=128, transfer_batch=8),
    "Fine-tune the whole model: all parameters are learnt, from weights that are good already. "
    "Compare with only the uppermost blocks open.",
)
_add(
    "transfer-statistics",
    "Batch norm let go",
    "The cut",
    (),
    Lesson(keep_statistics=False, transfer_batch=4),
    "Each step takes the means and variances of its four pictures: at the mark the training "
    "loss jumps, while validation, which goes by running means, hardly notices. That is why "
    "they are kept.",
)
