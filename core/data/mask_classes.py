"""From the pixels of uploaded masks to classes: palettes, grey levels, colours.

A mask's numbers are names, so nothing here averages. What a format or a smoothing program has
blurred is put back where that is safe (two levels, black and white) and refused elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
import PIL.Image

from core.data.archives import UnreadableError
from core.images.decode import MAX_BYTES, MAX_PIXELS, ImageError
from core.images.masks import Palette, decode_mask
from core.zoo.segmenters import VOC_CLASSES, VOC_IGNORED, voc_palette

MOST_CLASSES = 40
"""Most classes of masks, the background included."""
VOID_COLOUR = (224, 224, 192)
"""VOC's colour of the number 255."""
NEAR, MOSTLY = 48, 0.9
"""A blurred mask is black and white where that share of its pixels is so near to either."""
_HALF = 128
_STEPS = 5
"""So many levels between black and white, on fewer pixels than the white ones, are edges."""
_INDEX_LIKE = 64
"""Grey levels below are numbers of classes where 255 is beside them: it is void, then."""
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_WHAT_WORKS = (
    "Save masks as PNG with a palette, in grey or in plain colours, without smoothing: one "
    "value for each class."
)

Kind = Literal["palette", "grey", "colour"]
Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class RawMask:
    """A mask as its file has it, of the common size.

    Attributes:
        kind: what its numbers are.
        values: (h, w) uint8 numbers or levels; of "colour" (h, w, 3).
        palette: of "palette": the colours of the numbers.
        original_hw: height and width before.
        cleaned: whether it was blurred, and cut at one half.
    """

    kind: Kind
    values: Pixels
    palette: Palette
    original_hw: tuple[int, int]
    cleaned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Masks as numbers of classes.

    Attributes:
        masks: (n, h, w) uint8.
        names: of the classes, the background first.
        said: sentences on how that was done.
    """

    masks: Pixels
    names: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Names that came with the masks.

    Attributes:
        listed: in the order of the classes, from `classes.txt`.
        by_colour: from CVAT's `labelmap.txt`.
    """

    listed: tuple[str, ...] = ()
    by_colour: Mapping[Colour, str] = field(default_factory=dict)


# One mask


def read_mask(content: bytes, side: int) -> RawMask:
    """Read a mask and bring it to the common size, each pixel by its nearest one.

    Args:
        content: of the file.
        side: height and width wanted.

    Raises:
        UnreadableError: it is no mask, or too blurred to be one.
    """
    picture = _opened(content)
    size_hw = picture.size[1], picture.size[0]
    if picture.format == "PNG" and picture.mode in ("1", "L", "P") and not _clear(picture):
        try:
            found = decode_mask(content)
        except ImageError as error:
            raise UnreadableError(str(error)) from error
        labels = _nearest(found.labels, side)
        if found.palette and not _is_grey(found.palette):
            return RawMask("palette", labels, found.palette, size_hw)
        if found.palette:
            return _grey(_table(found.palette)[labels][..., 0], size_hw)
        return _grey(labels * np.uint8(255) if picture.mode == "1" else labels, size_hw)
    values = _nearest(_pixels(picture), side)
    if values.ndim == 2 or (values[..., :1] == values).all() or _nearly_grey(picture, values):
        grey = values if values.ndim == 2 else values[..., 1]
        return _grey(grey, size_hw, lossy=picture.format in ("JPEG", "WEBP"))
    _check_colours(values, picture.format == "JPEG")
    return RawMask("colour", values, (), size_hw)


def _opened(content: bytes) -> PIL.Image.Image:
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"It has {len(content):,} bytes; at most {MAX_BYTES:,} work.")
    try:
        picture = PIL.Image.open(io.BytesIO(content), formats=_FORMATS)
    # A broken header can raise nearly anything.
    except Exception as error:
        raise UnreadableError(f"It is no picture, so no mask either. {_WHAT_WORKS}") from error
    if not 0 < picture.width * picture.height <= MAX_PIXELS:
        raise UnreadableError(
            f"It has {picture.width:,} x {picture.height:,} pixels; at most {MAX_PIXELS:,} "
            "work."
        )
    return picture


def _is_grey(palette: Palette) -> bool:
    """Whether a palette only spells out grey levels, each once."""
    levels = {colour[0] for colour in palette if len(set(colour)) == 1}
    return len(levels) == len(palette)


def _table(palette: Palette) -> Pixels:
    """(256, 3) colours of the numbers; black where there is none."""
    table = np.zeros((256, 3), np.uint8)
    table[: len(palette)] = palette[:256]
    return table


def _clear(picture: PIL.Image.Image) -> bool:
    """Whether some of it is transparent."""
    return "transparency" in picture.info


def _pixels(picture: PIL.Image.Image) -> Pixels:
    """(H, W) grey or (H, W, 3) colours; what is transparent is black."""
    try:
        if picture.mode in ("L", "1"):
            return np.array(picture.convert("L"))
        if picture.mode.startswith("I") or picture.mode == "F":
            return _bytes_of(np.array(picture))
        rgba = np.array(picture.convert("RGBA"))
    # A damaged stream raises whatever the decoder met.
    except Exception as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("It is damaged or incomplete.") from error
    return np.where(rgba[..., 3:] > 0, rgba[..., :3], np.uint8(0))


def _bytes_of(numbers: npt.NDArray[np.generic]) -> Pixels:
    low, high = float(np.min(numbers)), float(np.max(numbers))
    if low < 0 or high > 255:
        raise UnreadableError(
            f"It has numbers from {low:g} to {high:g}; of 16-bit masks those up to 255 work. "
            "Where each object has a number of its own, give all objects of a class one number."
        )
    return numbers.astype(np.uint8)


def _nearest(values: Pixels, side: int) -> Pixels:
    small = cv2.resize(values, (side, side), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(small, np.uint8)


def _nearly_grey(picture: PIL.Image.Image, values: Pixels) -> bool:
    """Whether the colours of a JPEG are only what its compression made of grey."""
    spread = values.max(-1).astype(int) - values.min(-1)
    return picture.format in ("JPEG", "WEBP") and bool((spread <= NEAR).mean() > MOSTLY)


def _grey(levels: Pixels, size_hw: tuple[int, int], *, lossy: bool = False) -> RawMask:
    """Grey levels; where they are blurred, black and white again."""
    if not lossy and not _smoothed(levels):
        return RawMask("grey", levels, (), size_hw)
    sure = (levels <= NEAR) | (levels >= 255 - NEAR)
    if sure.mean() < MOSTLY:
        what = "was compressed as JPEG" if lossy else "was smoothed"
        raise UnreadableError(
            f"It has {len(np.unique(levels))} grey levels and {what}, so that its classes "
            f"cannot be told any more. {_WHAT_WORKS}"
        )
    cut = np.where(levels >= _HALF, np.uint8(255), np.uint8(0))
    return RawMask("grey", cut, (), size_hw, cleaned=True)


def _smoothed(levels: Pixels) -> bool:
    """Whether there are more levels than classes, or black and white with soft edges."""
    between = (levels > 0) & (levels < 255)
    steps, soft = len(np.unique(levels[between])), between.sum()
    edges_alone = steps > _STEPS and soft < (levels == 255).sum()
    return bool(steps > MOST_CLASSES or edges_alone)


def _check_colours(values: Pixels, jpeg: bool) -> None:
    count = len(np.unique(_packed(values)))
    if jpeg:
        raise UnreadableError(
            f"It is a JPEG in {count:,} colours: compression has mixed those of its classes. "
            f"{_WHAT_WORKS}"
        )
    if count > MOST_CLASSES:
        raise UnreadableError(
            f"It has {count:,} colours; a mask has one for each class, at most {MOST_CLASSES}. "
            f"{_WHAT_WORKS} Where each object has a colour of its own, give all objects of a "
            "class one colour."
        )


def _packed(values: Pixels) -> npt.NDArray[np.int64]:
    """(h, w, 3) colours as one number each, in the order of red, green, blue."""
    red, green, blue = (values[..., c].astype(np.int64) for c in range(3))
    return (red << 16) | (green << 8) | blue


def merged(masks: Iterable[RawMask]) -> RawMask:
    """One mask of those of single objects: what is in any of them is the object."""
    each = iter(masks)
    found = next(each)
    for other in each:
        both = _objects(found) | _objects(other)
        together = np.where(both, np.uint8(255), np.uint8(0))
        cleaned = found.cleaned or other.cleaned
        found = RawMask("grey", together, (), found.original_hw, cleaned)
    return found


def _objects(mask: RawMask) -> npt.NDArray[np.bool_]:
    """(h, w) whatever is no background."""
    values = mask.values if mask.values.ndim == 2 else mask.values.max(-1)
    return np.asarray(values > 0)


# All masks together


def classes_of(raws: Sequence[RawMask], named: Named | None = None) -> Classes:
    """Number the classes of all masks alike.

    Numbers of a palette are those of the classes; grey levels and colours become classes in
    their order, black first. Masks of more than one kind are all taken by their colours.

    Args:
        raws: at least one.
        named: names that came with them.

    Raises:
        UnreadableError: they have more than `MOST_CLASSES`, or nothing but background.
    """
    named = named or Named()
    # An empty mask is empty whatever its kind.
    kinds = {raw.kind for raw in raws if raw.values.any()}
    said = []
    if cleaned := sum(raw.cleaned for raw in raws):
        said.append(
            f"{cleaned:,} masks were blurred by compression or smoothing: lighter than half is "
            "the object, the rest background."
        )
    if kinds == {"palette"}:
        found = _by_number(raws, named)
    elif kinds <= {"grey"}:
        found = _by_level(raws, named)
    else:
        if len(kinds) > 1:
            said.append("The masks are of several kinds, so their colours were compared.")
        found = _by_colour(raws, named)
    if len(found.names) < 2 or not found.masks.any():
        raise UnreadableError(
            "All pixels of all masks are background (0, black), so there is nothing to learn."
        )
    return Classes(found.masks, found.names, (*said, *found.said))


def _planes(raws: Sequence[RawMask]) -> Pixels:
    """(n, h, w) numbers or levels; of masks of another kind, which are empty, zeros."""
    return np.stack(
        [raw.values if raw.values.ndim == 2 else raw.values[..., 0] for raw in raws]
    )


def _by_number(raws: Sequence[RawMask], named: Named) -> Classes:
    """A palette's numbers, and small grey levels beside 255."""
    values = _planes(raws)
    void = values == VOC_IGNORED
    said = [_void(void)] if void.any() else []
    values[void] = 0
    used = np.union1d([0], np.unique(values))
    if named.listed and used[-1] < len(named.listed) <= MOST_CLASSES:
        return Classes(values, named.listed, (*said, "Class names are from classes.txt."))
    _check_count(len(used))
    palette = max((raw.palette for raw in raws), key=len)
    names = _names_of_numbers([int(number) for number in used], palette, named)
    said += _unused(named, names)
    said.append(f"The numbers in the masks are the classes: {_list(used)}.")
    return Classes(np.searchsorted(used, values).astype(np.uint8), names, tuple(said))


def _names_of_numbers(used: list[int], palette: Palette, named: Named) -> tuple[str, ...]:
    top = used[-1]
    if named.by_colour and top < len(palette):
        found = [named.by_colour.get(palette[n], f"class {n}") for n in used]
        return _distinct(["background", *found[1:]])
    is_voc = top < len(VOC_CLASSES) and palette[: top + 1] == voc_palette(top + 1)
    if is_voc:
        return tuple(VOC_CLASSES[n] for n in used)
    if len(used) == 2:
        return ("background", "object")
    return ("background", *(f"class {n}" for n in used[1:]))


def _by_level(raws: Sequence[RawMask], named: Named) -> Classes:
    values = _planes(raws)
    levels = np.unique(values)
    others = levels[(levels > 0) & (levels < VOC_IGNORED)]
    beside = VOC_IGNORED in levels and len(others) and others.max() < _INDEX_LIKE
    numbered = levels[-1] < max(len(levels), len(named.listed))
    if beside or numbered:
        return _by_number(raws, named)
    used = np.union1d([0], levels)
    _check_count(len(used))
    names, said = _in_order(named, [f"grey {level}" for level in used[1:]])
    said.append(f"Grey levels became classes in their order: {_list(used)}.")
    return Classes(np.searchsorted(used, values).astype(np.uint8), names, tuple(said))


def _by_colour(raws: Sequence[RawMask], named: Named) -> Classes:
    values = np.stack([_packed(_coloured(raw)) for raw in raws])
    void, said = values == _number(VOID_COLOUR), []
    voc = [_number(colour) for colour in voc_palette(len(VOC_CLASSES))]
    is_voc = bool(np.isin(values[~void], voc).all())
    if void.any() and (is_voc or VOID_COLOUR not in named.by_colour):
        said.append(_void(void))
        values[void] = 0
    used = np.union1d([0], np.unique(values))
    _check_count(len(used))
    colours = [_colour(int(number)) for number in used]
    names: tuple[str, ...]
    if named.by_colour:
        found = [named.by_colour.get(c, _hex(c)) for c in colours]
        names = _distinct([named.by_colour.get((0, 0, 0), "background"), *found[1:]])
    elif is_voc:
        order = sorted(range(len(used)), key=lambda place: voc.index(int(used[place])))
        places = np.argsort(order)
        return Classes(
            places[np.searchsorted(used, values)].astype(np.uint8),
            tuple(VOC_CLASSES[voc.index(int(used[place]))] for place in order),
            (*said, "The colours are VOC's, and so are the class names."),
        )
    else:
        names, told = _in_order(named, [_hex(c) for c in colours[1:]])
        said += told
    said.append("Each colour became a class, black the background.")
    return Classes(np.searchsorted(used, values).astype(np.uint8), names, tuple(said))


def _coloured(raw: RawMask) -> Pixels:
    """(h, w, 3) whatever it was."""
    if raw.kind == "colour":
        return raw.values
    if raw.kind == "grey":
        return np.stack([raw.values] * 3, axis=-1)
    return _table(raw.palette)[raw.values]


def _in_order(named: Named, others: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Names of classes in their order, from `classes.txt` where they are as many."""
    listed, count = named.listed, len(others) + 1
    if len(listed) == count:
        return listed, ["Class names are from classes.txt."]
    if len(listed) == count - 1 and "background" not in listed:
        return ("background", *listed), ["Class names are from classes.txt."]
    names = ("background", "object") if count == 2 else ("background", *others)
    return names, _unused(named, names)


def _unused(named: Named, names: Sequence[str]) -> list[str]:
    if not named.listed:
        return []
    return [
        f"classes.txt has {len(named.listed)} names for {len(names)} classes and was not used."
    ]


def _void(void: npt.NDArray[np.bool_]) -> str:
    masks = int(void.any(axis=(1, 2)).sum())
    return (
        f"{100 * void.mean():.1f} % of all pixels, in {masks:,} masks, are void (255, as along "
        "the outlines in VOC): they count as background here."
    )


def _check_count(count: int) -> None:
    if count > MOST_CLASSES:
        raise UnreadableError(
            f"The masks have {count:,} values together; at most {MOST_CLASSES} classes work. "
            "Where each object has a number or colour of its own, give all objects of a class "
            "the same one."
        )


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, the second of two equal ones with its number."""
    found: list[str] = []
    for place, name in enumerate(names):
        found.append(f"{name} {place}" if name in found else name)
    return tuple(found)


def _list(numbers: npt.NDArray[np.generic]) -> str:
    return ", ".join(str(number) for number in numbers)


def _number(colour: Colour) -> int:
    return (colour[0] << 16) | (colour[1] << 8) | colour[2]


def _colour(number: int) -> Colour:
    return number >> 16, number >> 8 & 255, number & 255


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
