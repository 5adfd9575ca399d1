"""Presets of the page "Augmentation"."""

from __future__ import annotations

from core.augment.pipelines import PIPELINES
from core.augment.text import encode
from core.lessons.augmentation import AugmentationLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

_FLIPS, _ONE, _MIX = "Flips", "One augmentation", "Mixing and policies"
_PIPELINE, _BOXES, _SAFE, _HELPS = (
    "Pipelines",
    "Boxes and masks",
    "Is it safe?",
    "Does it help?",
)


def _add(
    slug: str, title: str, topic: str, decks: tuple[Deck, ...], lesson: Lesson, look: str
) -> None:
    PRESETS.add(Preset(f"augment-{slug}", title, topic, decks, lesson, look))


def _one(step: str, **settings: object) -> Lesson:
    return Lesson.model_validate({"augment_step": step, **settings})


def _of(slug: str, mode: str = "pipeline", **settings: object) -> Lesson:
    """The page with a named pipeline."""
    steps = encode(PIPELINES[slug].spec)
    return Lesson.model_validate({"augment_mode": mode, "augment_steps": steps, **settings})


_add(
    "coimbra-flips",
    "Original, horizontal and vertical flip",
    _FLIPS,
    ("Coimbra",),
    _of("coimbra"),
    "Modified copies of existing data: each flip comes with probability 0.5, so a quarter of "
    "the draws is the original, a quarter each flip, a quarter both.",
)
_add(
    "coimbra-horizontal",
    "Horizontal flip",
    _FLIPS,
    ("Coimbra",),
    _one("flip.horizontal-probability1", augment_draws=1),
    "Left and right change places. Harmless for a cat, not for a text: see Safety.",
)
_add(
    "coimbra-vertical",
    "Vertical flip",
    _FLIPS,
    ("Coimbra",),
    _one("flip.vertical-probability1", augment_draws=1),
    "Upside down. From above, as with cells and satellites, it does no harm; few photos are "
    "taken so.",
)
_add(
    "rotation",
    "Turned by up to 30 degrees",
    _ONE,
    (),
    _one("rotation-degrees30-fillconstant"),
    "Each draw has an angle of its own, written below it. The corners come from outside of the "
    "picture: choose reflect, nearest or wrap under Outside.",
)
_add(
    "crop",
    "A part of the picture",
    _ONE,
    (),
    _one("crop.resize"),
    "A random part, enlarged. It can miss the object: see Safety, and the boxes.",
)
_add(
    "brightness",
    "More or less light",
    _ONE,
    (),
    _one("brightness"),
    "A number of levels is added to every pixel; what passes 0 or 255 is cut off there.",
)
_add(
    "elastic",
    "Elastic",
    _ONE,
    (),
    _one("elastic-most6", augment_picture="digit"),
    "Every pixel moves a little by itself, its neighbours nearly the same way: what a "
    "trembling hand does to a digit (Simard et al. 2003).",
)
_add(
    "cutout",
    "Cutout",
    _ONE,
    (),
    _one("cutout"),
    "A square is hidden, so that the network cannot rely on one detail. Boxes and masks stay "
    "where they are.",
)
_add(
    "fog",
    "Fog at five severities",
    _ONE,
    (),
    _one("corrupt.fog"),
    "A corruption of ImageNet-C: for testing a trained network, not for training. Drag the "
    "severity from 0 to 5.",
)
_add(
    "jpeg",
    "JPEG",
    _ONE,
    (),
    _one("corrupt.jpeg-severity5", augment_draws=1),
    "Strong compression: blocks of 8 x 8 pixels, wrong colours at edges.",
)
_add(
    "mixup",
    "MixUp: labels are shares",
    _MIX,
    (),
    _one("mix.up-alpha1"),
    "Two pictures seen through one another. The label below each draw is mixed in the same "
    "shares, and they add up to 100 %.",
)
_add(
    "cutmix",
    "CutMix",
    _MIX,
    (),
    _one("cut.mix"),
    "A rectangle of another picture; the label goes by the areas.",
)
_add(
    "mosaic",
    "Mosaic",
    _MIX,
    (),
    Lesson(augment_mode="boxes", augment_steps="mosaic", augment_picture="shapes"),
    "Four pictures in one, with the boxes of all four: dashed ones are cut off, and those of "
    "which too little is left are dropped.",
)
_add(
    "randaugment",
    "RandAugment",
    _MIX,
    (),
    _one("rand.augment"),
    "Two operations out of thirteen at one strength: only two numbers to tune.",
)
_add(
    "augmix",
    "AugMix",
    _MIX,
    (),
    _one("aug.mix"),
    "Chains of operations, blended with each other and with the picture, so that it stays "
    "recognisable.",
)
_add(
    "flowers",
    "The flowers tutorial",
    _PIPELINE,
    (),
    _of("flowers"),
    "RandomFlip, RandomRotation(0.1), RandomZoom(0.1): 0.1 of a full turn is 36 degrees. Click "
    "a draw to see its way step by step.",
)
_add(
    "albumentations",
    "Medium, as albumentations",
    _PIPELINE,
    ("Oslo",),
    _of("medium"),
    "Under Code the same pipeline stands in Keras, KerasCV, tf.data and albumentations.",
)
for _name, _look in (
    ("light", "Little is changed, and nothing goes wrong: a start for any photos."),
    ("heavy", "For large networks and long trainings. Would you still know the picture?"),
    ("inception", "What most networks for ImageNet were trained with."),
    ("simclr", "Two draws of one picture must give the same answer: learning without labels."),
    ("trivial", "One operation a picture, at any strength, and nothing to tune."),
    ("weather", "For testing: one or two of five corruptions, at a middle severity."),
):
    _add(
        _name, PIPELINES[_name].title, _PIPELINE, (), _of(_name), _look
    )  # the other named pipelines
_add(
    "detection",
    "For detection",
    _BOXES,
    (),
    _of("detection", "boxes"),
    "Boxes go through the very same draw as the picture. Drag the boxes of the original, or "
    "draw further ones.",
)
_add(
    "segmentation",
    "For segmentation",
    _BOXES,
    (),
    _of("segmentation", "boxes", augment_picture="shapes"),
    "Masks are moved without blending: no pixel is ever half a circle and half a star. What "
    "comes from outside is background.",
)
_add(
    "boxes-leave",
    "Boxes that leave the picture",
    _BOXES,
    (),
    Lesson(
        augment_mode="boxes",
        augment_steps="translation-vertical50-horizontal50-fillconstant",
        augment_keep=40,
    ),
    "Dashed boxes are cut at the border. Where less than 40 % is still seen the box is "
    "dropped, and the words below the picture say which. Choose clip to keep all of them.",
)
_add(
    "boxes-turn",
    "A turned box is larger",
    _BOXES,
    (),
    Lesson(
        augment_mode="boxes",
        augment_steps="rotation-degrees45-fillconstant",
        augment_picture="shapes",
        augment_scene=2,
    ),
    "A box has no angle: round a turned rectangle it must grow. Compare it with the mask, "
    "which turns without loss.",
)
_add(
    "six-nine",
    "A 6 becomes a 9",
    _SAFE,
    (),
    _one("rotation-degrees180-fillconstant", augment_picture="digit"),
    "Half a turn makes a 9 of a 6, and the label still says 6. Safety measures how many.",
)
_add(
    "mirrored",
    "Mirrored text",
    _SAFE,
    (),
    _one("flip.horizontal-probability1", augment_picture="digit", augment_scene=5),
    "A mirrored sign is another one, or none: under Safety choose text and signs, and see what "
    "a mirrored b is taken for.",
)
_add(
    "against-overfitting",
    "Against over-fitting",
    _HELPS,
    ("MLC",),
    _of("digits", augment_picture="digit"),
    "100 digits to learn from. Open Training and press the button: without the pipeline the "
    "network knows its pictures by heart and is wrong on others; with it the gap closes.",
)
_add(
    "harm",
    "Where it does harm",
    _HELPS,
    (),
    Lesson(
        augment_mode="pipeline",
        augment_steps="flip.horizontal_flip.vertical_rotation-degrees180-fillconstant",
        augment_picture="digit",
    ),
    "Flips and turns suit cells and satellites, not digits: open Training and see what they "
    "cost.",
)
