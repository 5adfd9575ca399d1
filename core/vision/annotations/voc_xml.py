"""Pascal VOC: an XML file for each picture, a text file of detections for each class.

Its boxes are pixels counted from 1, the last one included. Source: Everingham et al. 2012,
"The PASCAL visual object classes challenge 2012: development kit".

XML is read by a parser that stops at any document type: nothing can be included or unfolded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from core.vision.annotations.read import (
    AnnotationError,
    Annotations,
    Reading,
    box_of,
    number_of,
    text_of,
)
from core.vision.metrics.records import Record

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_DEEPEST = 20


@dataclass
class _Element:
    tag: str
    line: int
    text: str = ""
    children: list[_Element] = field(default_factory=list)

    def find(self, tag: str) -> _Element | None:
        return next((child for child in self.children if child.tag == tag), None)

    def word(self, tag: str) -> str:
        found = self.find(tag)
        return found.text.strip() if found else ""


def read_voc(data: bytes | str, name: str = "") -> Annotations:
    """Ground truth of one picture.

    Args:
        data: the file's content.
        name: of the file, for a picture that the file does not name.

    Returns:
        The picture's id is its file's name without the ending.

    Raises:
        AnnotationError: it is no XML of that form, with line and reason.
    """
    root = _parsed(data)
    if root.tag != "annotation":
        raise AnnotationError(
            f"line {root.line}: the file begins with <{root.tag[:30]}>; VOC's begin with "
            "<annotation>."
        )
    reading = Reading()
    image = PurePath(root.word("filename") or name).stem
    _read_size(root, image, reading)
    for entry in root.children:
        if entry.tag == "object":
            _read_object(entry, image, reading)
    return reading.result()


def read_voc_results(data: bytes | str, label: str) -> Annotations:
    """Detections of one class: lines of picture, score, xmin, ymin, xmax, ymax.

    Args:
        data: the file's content.
        label: of the class; such files are called comp4_det_val_<class>.txt.
    """
    reading = Reading()
    for number, line in enumerate(text_of(data).splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        try:
            if len(words) != 6:
                raise ValueError(f"{len(words)} words; image, score and four edges are 6")
            score, *edges = (number_of(word) for word in words[1:])
            record = {"image": words[0], "box": _box(edges), "label": label, "score": score}
        except ValueError as error:
            reading.skip(f"line {number}", str(error))
        else:
            reading.add(record)
    return reading.result()


def write_voc(
    records: Sequence[Record], image: str, size: tuple[float, float] | None = None
) -> str:
    """Ground truth of one picture as XML.

    Args:
        records: its boxes.
        image: name of the picture's file.
        size: (width, height).
    """
    lines = ["<annotation>", f"  <filename>{escape(image)}</filename>"]
    if size:
        lines += [
            "  <size>",
            f"    <width>{size[0]:g}</width>",
            f"    <height>{size[1]:g}</height>",
            "    <depth>3</depth>",
            "  </size>",
        ]
    for record in records:
        left, top, right, bottom = map(float, record["box"])
        edges = zip(_EDGES, (left + 1, top + 1, right, bottom), strict=True)
        lines += [
            "  <object>",
            f"    <name>{escape(str(record['label']))}</name>",
            f"    <difficult>{int(bool(record.get('difficult')))}</difficult>",
            "    <bndbox>",
            *(f"      <{edge}>{value:.10g}</{edge}>" for edge, value in edges),
            "    </bndbox>",
            "  </object>",
        ]
    return "\n".join([*lines, "</annotation>"]) + "\n"


def _read_size(root: _Element, image: str, reading: Reading) -> None:
    size = root.find("size")
    if size is None:
        return
    try:
        reading.sizes[image] = number_of(size.word("width")), number_of(size.word("height"))
    except ValueError as error:
        reading.skip(f"line {size.line}", f"the picture's size: {error}")


def _read_object(entry: _Element, image: str, reading: Reading) -> None:
    box, name = entry.find("bndbox"), entry.word("name")
    try:
        if not name:
            raise ValueError("the object has no name")
        if box is None:
            raise ValueError(f"the {name[:30]} has no bndbox")
        missing = next((edge for edge in _EDGES if not box.word(edge)), None)
        if missing:
            raise ValueError(f"the box of the {name[:30]} has no {missing}")
        corners = _box([number_of(box.word(edge)) for edge in _EDGES])
    except ValueError as error:
        reading.skip(f"line {entry.line}", str(error))
        return
    difficult = entry.word("difficult") == "1"
    reading.add({"image": image, "box": corners, "label": name, "difficult": difficult})


def _box(edges: Sequence[float]) -> tuple[float, ...]:
    left, top, right, bottom = edges
    return box_of(left - 1, top - 1, right, bottom)


def _parsed(data: bytes | str) -> _Element:
    """The elements of a file with their lines."""
    text = text_of(data)
    parser = expat.ParserCreate()
    top = _Element("", 0)
    open_ones = [top]

    def begin(tag: str, _: Any) -> None:  # noqa: ANN401 - attributes are not read
        element = _Element(tag, parser.CurrentLineNumber)
        open_ones[-1].children.append(element)
        open_ones.append(element)
        if len(open_ones) > _DEEPEST:
            raise AnnotationError(
                f"line {element.line}: elements are nested more than {_DEEPEST} deep."
            )

    def end(_: str) -> None:
        open_ones.pop()

    def characters(part: str) -> None:
        open_ones[-1].text += part

    def refuse(*_: object) -> None:
        raise AnnotationError(
            f"line {parser.CurrentLineNumber}: a document type is not read, since it could "
            "pull in other files. Take the line with <!DOCTYPE out."
        )

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise AnnotationError(
            f"the file is not XML: line {error.lineno}, column {error.offset + 1}: "
            f"{expat.ErrorString(error.code)}."
        ) from None
    return top.children[0]
