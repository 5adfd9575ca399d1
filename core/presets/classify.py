"""Presets of the page "Classify"."""

from __future__ import annotations

from core.lessons.classify import ClassifyLesson
from core.presets.registry import PRESETS, Deck, Preset

_HARD = "Why recognition is hard"
_SEEN = "What the network is given"
_SURE = "How sure it is"


def _add(
    slug: str,
    title: str,
    topic: str,
    decks: tuple[Deck, ...],
    lesson: ClassifyLesson,
    look: str,
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "penn-viewpoint", "Viewpoint: rotation", _HARD, ("Penn",),
    ClassifyLesson(challenge="rotation", hard_rotation=90.0),
    "Every pixel is still there. Go on turning: upside down it may come back, and nothing but "
    "the training pictures decides.",
)  # fmt: skip
_add(
    "penn-slanted", "Viewpoint: shear", _HARD, ("Penn",),
    ClassifyLesson(challenge="shear", hard_shear=40.0),
    "A cheap stand-in for another point of view: rows slide over each other.",
)  # fmt: skip
_add(
    "penn-illumination", "Illumination", _HARD, ("Penn",),
    ClassifyLesson(challenge="light", hard_light=-3.0),
    "An eighth of the light. Which goes first, the dark end or the bright end of the curve?",
)  # fmt: skip
_add(
    "penn-deformation", "Deformation", _HARD, ("Penn",),
    ClassifyLesson(challenge="bending", hard_bending=8.0),
    "Texture survives longer than shape: networks trained on ImageNet lean on texture.",
)  # fmt: skip
_add(
    "penn-occlusion", "Occlusion: drag the patch", _HARD, ("Penn",),
    ClassifyLesson(challenge="patch", hard_patch=20.0),
    "Drag the patch over the picture. Where it hurts most, the network looks: that is the idea "
    "of an occlusion map.",
)  # fmt: skip
_add(
    "penn-clutter", "Background clutter", _HARD, ("Penn",),
    ClassifyLesson(challenge="clutter", hard_clutter=50.0),
    "Two things in one picture, one answer: softmax makes them compete. Follow the curve to "
    "see the other photo take over.",
)  # fmt: skip
_add(
    "penn-scale", "Scale, in place of intraclass variation", _HARD, ("Penn",),
    ClassifyLesson(challenge="size", hard_size=30.0),
    "Smaller, and fewer of the 224 x 224 pixels are left for it; larger, and the whole is no "
    "longer in sight.",
)  # fmt: skip
_add(
    "everything-at-once", "A bit of everything", _HARD, (),
    ClassifyLesson(
        challenge="light", hard_light=-1.5, hard_rotation=15.0, hard_shear=10.0,
        hard_bending=3.0, hard_patch=5.0, patch_across=30, patch_down=70,
    ),
    "None of the changes alone would matter much. They add up.",
)  # fmt: skip
_add(
    "oslo-levels-as-they-are", "Flowers tutorial: the picture as it is", _SEEN, ("Oslo",),
    ClassifyLesson(seen_scaling="none", top_count=3),
    "The tutorial's step 2 gives the network an array as it was loaded. The shape fits, so "
    "nothing warns. Compare all ways in the view Seen.",
)  # fmt: skip
_add(
    "oslo-preprocessed", "Flowers tutorial: preprocessed", _SEEN, ("Oslo",),
    ClassifyLesson(seen_scaling="right", top_count=3),
    "Its step 3 maps the levels as the network was trained. The same pixels, another answer.",
)  # fmt: skip
_add(
    "blue-first", "Blue first", _SEEN, (),
    ClassifyLesson(seen_scaling="caffe"),
    "What VGG and ResNet-50 want. This network takes red for blue, and sees nearly nothing but "
    "extremes.",
)  # fmt: skip
_add(
    "divided-by-255", "Divided by 255", _SEEN, (),
    ClassifyLesson(seen_scaling="unit"),
    "What most tutorials do. The network was trained with -1 to 1: to it the picture is pale, "
    "without contrast.",
)  # fmt: skip
_add(
    "squashed", "Squashed instead of cropped", _SEEN, (),
    ClassifyLesson(seen_fit="squash"),
    "Nothing is cut away, but everything is too narrow. Which loss is the smaller one?",
)  # fmt: skip
_add(
    "temperature-five", "Temperature 5", _SURE, (),
    ClassifyLesson(class_temperature=5.0, top_count=10),
    "All logits divided by 5: the order is the same, and what the network thinks of the "
    "runners-up can be read.",
)  # fmt: skip
_add(
    "temperature-tenth", "Temperature 0.1", _SURE, (),
    ClassifyLesson(class_temperature=0.1),
    "The smallest lead becomes certainty. The network knows no more than before.",
)  # fmt: skip
_add(
    "two-networks", "Two networks, one picture", _SURE, (),
    ClassifyLesson(second_classifier="mobilenet-v2", challenge="size"),
    "Other weights, other errors. Where one is overtaken, the other may still hold.",
)  # fmt: skip
