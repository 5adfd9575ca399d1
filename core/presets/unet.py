"""Presets of the page "U-Net"."""

from __future__ import annotations

from core.lessons.unet import PUBLISHED_LESSON
from core.lessons.unet import UNetLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

Decks = tuple[Deck, ...]


def _add(slug: str, title: str, topic: str, decks: Decks, lesson: Lesson, look: str) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "unet-shapes",
    "Six shapes, within two minutes",
    "Watch it learn",
    ("NTU", "MLC"),
    Lesson(),
    "Press Start. Within seconds every scene has blots where the shapes are; then the blots "
    "take their colours, and at last the corners come.",
)
_add(
    "unet-two-shapes",
    "Two shapes, in half a minute",
    "Watch it learn",
    (),
    Lesson(scene_kinds=2, scene_count=500, scene_side=48, unet_epochs=10),
    "Circle against square, 500 small scenes: quick enough to try one setting after the other.",
)
_add(
    "unet-crowded",
    "Shapes that cover each other",
    "Watch it learn",
    (),
    Lesson(scene_fewest=3, scene_most=6, scene_overlap=True),
    "What is hidden cannot be seen: the mask has only what is in front. Where two shapes of "
    "one class touch, semantic segmentation cannot tell them apart; see the page Segment.",
)
_add(
    "unet-no-skips",
    "Without skip connections",
    "What skips bring",
    (),
    Lesson(unet_skips=False),
    "All that the mask is made of comes through 8 x 8 maps. The classes are right and the "
    "edges are round. With and without skips trains both; Compare lays them over one another.",
)
_add(
    "unet-unpooling",
    "Unpooling instead of skips",
    "What skips bring",
    ("NTU",),
    Lesson(unet_skips=False, unet_up="unpooling"),
    "Unpooling puts each value back to where pooling found its maximum. These places alone "
    "bring edges back that bilinear interpolation has lost.",
)
_add(
    "unet-transposed",
    "Transposed convolutions",
    "What skips bring",
    (),
    Lesson(unet_up="transposed"),
    "Up-sampling that is learnt, as in the authors' code. Look at the maps of the rungs: a "
    "2 x 2 kernel with stride 2 leaves a checkerboard where its four weights differ.",
)
_add(
    "unet-crossentropy",
    "Cross-entropy alone",
    "Losses",
    (),
    Lesson(mask_loss="crossentropy"),
    "Nine of ten pixels are background: at first the loss falls by naming nothing else. Watch "
    "IoU by class against the preset with Dice.",
)
_add(
    "unet-dice",
    "Dice alone",
    "Losses",
    (),
    Lesson(mask_loss="dice"),
    "1 - Dice counts every class the same however few pixels it has.",
)
_add(
    "unet-focal",
    "Focal loss",
    "Losses",
    (),
    Lesson(mask_loss="focal"),
    "Cross-entropy that passes over what is right already: the easy background weighs little.",
)
_add(
    "unet-few",
    "Only 40 scenes",
    "Few pictures",
    (),
    Lesson(scene_count=40, unet_epochs=40, unet_batch=8, unet_flip=True),
    "28 to learn from, mirrored at random. It learns them by heart: look at both curves.",
)
_add(
    "unet-few-lite0",
    "30 scenes and a pretrained encoder",
    "Few pictures",
    (),
    Lesson(
        mask_encoder="lite0", scene_count=60, scene_side=96, unet_training_percent=50,
        unet_validation_percent=20, unet_epochs=30, unet_batch=8,
    ),
    "EfficientNet-Lite0 is frozen and knows edges and parts from ImageNet; a small decoder "
    "learns where they are. Try the next one to see what the same scenes teach from scratch.",
)  # fmt: skip
_add(
    "unet-few-scratch",
    "The same 30 scenes from scratch",
    "Few pictures",
    (),
    Lesson(
        scene_count=60, scene_side=96, unet_training_percent=50, unet_validation_percent=20,
        unet_epochs=30, unet_batch=8,
    ),
    "The U-Net has to learn what an edge is from 30 pictures. Compare lays both runs over one "
    "another.",
)  # fmt: skip
_add(
    "unet-published",
    "As published: 572 to 388",
    "Anatomy",
    (),
    PUBLISHED_LESSON,
    "Open Ladder: valid convolutions, crops of 4, 16, 40 and 88, 31 million parameters. Too "
    "large to be trained here while you wait.",
)
_add(
    "unet-published-same",
    "The same network with padding same",
    "Anatomy",
    (),
    PUBLISHED_LESSON.model_copy(update={"unet_padding": "same", "ladder_side": 576}),
    "576 in, 576 out, nothing cropped: what most of today's U-Nets do.",
)
