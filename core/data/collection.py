"""Pictures gathered class by class, by camera or from files, until they are a data set."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.data.archives import cleaned

MOST_CLASSES = 12
"""Classes of one collection."""
MOST_PICTURES = 200
"""Pictures of one class."""
MOST_BYTES = 150_000
"""Of one picture: a square of 256 pixels as a JPEG has 10 to 40 KB."""
LONGEST_NAME = 40
SIDE = 256
"""Side that the browser cuts pictures to, in pixels."""
_PREFIX = "data:image/jpeg;base64,"
_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Gathered:
    """One class.

    Attributes:
        number: what tells it apart while its name changes.
        name: as the person calls it.
        pictures: JPEG files, the oldest first.
    """

    number: int
    name: str
    pictures: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """Classes with their pictures; every change gives another one.

    Attributes:
        classes: in the order in which they stand on the page.
        refused: what could not be taken at the last change, as a sentence; empty for nothing.
    """

    classes: tuple[Gathered, ...] = (Gathered(1, "Class 1"), Gathered(2, "Class 2"))
    refused: str = ""

    @property
    def count(self) -> int:
        """All pictures."""
        return sum(len(gathered.pictures) for gathered in self.classes)

    def problem(self, fewest: int) -> str:
        """What is missing for a data set, as a sentence; empty where nothing is.

        Args:
            fewest: pictures that every class needs.
        """
        if len(self.classes) < 2:
            return "At least 2 classes are needed. Add one."
        names = [gathered.name for gathered in self.classes]
        if any(not name for name in names):
            return "One class has no name. Give it one."
        double = next((name for name in names if names.count(name) > 1), "")
        if double:
            return f"Two classes are called {double!r}. Give each a name of its own."
        few = [
            f"{gathered.name!r} has {len(gathered.pictures)}"
            for gathered in self.classes
            if len(gathered.pictures) < fewest
        ]
        if few:
            return f"Every class needs at least {fewest} pictures; {', '.join(few)}."
        return ""

    def files(self) -> list[tuple[str, bytes]]:
        """Class name and content of each picture."""
        return [(g.name, picture) for g in self.classes for picture in g.pictures]

    def after(self, act: dict[str, Any]) -> Collection:
        """The collection after something that a person did; what makes no sense is passed over.

        Args:
            act: `act` is "add", "remove", "rename" (`name`), "pictures" (`pictures`, data
                addresses), "drop" (`place`) or "clear"; all but "add" name a class by `number`.
        """
        word, number = act.get("act"), act.get("number")
        if word == "add":
            return self._added()
        if word == "remove":
            kept = tuple(g for g in self.classes if g.number != number)
            return Collection(kept)
        if word == "rename":
            name = cleaned(str(act.get("name", ""))[:LONGEST_NAME]).strip()
            return self._changed(number, name=name)
        if word == "pictures":
            return self._taken(number, act.get("pictures", ()))
        if word == "drop":
            return self._dropped(number, act.get("place"))
        if word == "clear":
            return self._changed(number, pictures=())
        return self

    def _added(self) -> Collection:
        if len(self.classes) >= MOST_CLASSES:
            return replace(self, refused=f"At most {MOST_CLASSES} classes work here.")
        number = max((g.number for g in self.classes), default=0) + 1
        taken = {g.name for g in self.classes}
        free = next(
            n for n in range(number, number + MOST_CLASSES + 1) if _named(n) not in taken
        )
        return Collection((*self.classes, Gathered(number, _named(free))))

    def _changed(self, number: object, **values: Any) -> Collection:  # noqa: ANN401
        return Collection(
            tuple(replace(g, **values) if g.number == number else g for g in self.classes)
        )

    def _taken(self, number: object, addresses: Sequence[object]) -> Collection:
        known = next((g for g in self.classes if g.number == number), None)
        if known is None:
            return self
        read = [picture for address in addresses if (picture := read_address(address))]
        room = MOST_PICTURES - len(known.pictures)
        taken = self._changed(number, pictures=(*known.pictures, *read[:room]))
        refused = []
        if len(read) > room:
            refused.append(f"At most {MOST_PICTURES} pictures of a class work here.")
        if lost := len(addresses) - len(read):
            refused.append(f"{lost} could not be read.")
        return replace(taken, refused=" ".join(refused))

    def _dropped(self, number: object, place: object) -> Collection:
        known = next((g for g in self.classes if g.number == number), None)
        if known is None or not isinstance(place, int) or not 0 <= place < len(known.pictures):
            return self
        kept = known.pictures[:place] + known.pictures[place + 1 :]
        return self._changed(number, pictures=kept)


def read_address(address: object) -> bytes:
    """A JPEG out of a data address; empty where it is none, or too large."""
    if not isinstance(address, str) or not address.startswith(_PREFIX):
        return b""
    if len(address) > MOST_BYTES * 4 // 3 + len(_PREFIX) + 4:
        return b""
    try:
        content = base64.b64decode(address.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return b""
    return content if content.startswith(_JPEG) else b""


def _named(number: int) -> str:
    return f"Class {number}"
