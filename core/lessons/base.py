"""What all lessons share: which values fit together, and the nearest ones that do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from core.numbers import NumbersError

Value = bool | int | float | str
LABEL = "label"


def label(name: str, info: FieldInfo) -> str:
    """The words at a control: the field's title, with its unit."""
    return info.title or name.replace("_", " ").capitalize()


class Lesson(BaseModel):
    """Settings of one page, frozen and hashable.

    A field is a number with bounds, a switch, a choice (`Literal`) or a text; its title stands
    at the control and its description is the control's help. A decimal number is typed, or with
    `marks` a slider. Its name is the name in links, so
    it must not change.

    Subclasses say in `problem` which combinations have no result; the ranges of the controls
    follow from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: ClassVar[str]
    repair_order: ClassVar[tuple[str, ...]] = ()
    """Fields to change, first the least important, when a combination has no result."""
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {}
    """What reads the numbers that are typed into a field; it raises `NumbersError`."""

    def problem(self) -> str | None:
        """Why these settings have no result, or None when they have one."""
        return None

    def text_problem(self, name: str) -> str | None:
        """What is wrong with the numbers typed into a field, or None."""
        text = getattr(self, name)
        if name not in self.readers or not text.strip():
            return None
        try:
            self.readers[name](text)
        except NumbersError as error:
            return str(error)
        return None

    def with_value(self, name: str, value: Value) -> Self:
        """The same settings with one field changed, not checked.

        Ranges of controls ask for this hundreds of times a rerun; `model_copy` takes five
        times as long.
        """
        changed = object.__new__(type(self))
        object.__setattr__(changed, "__dict__", {**self.__dict__, name: value})
        object.__setattr__(changed, "__pydantic_fields_set__", self.model_fields_set)
        object.__setattr__(changed, "__pydantic_extra__", None)
        object.__setattr__(changed, "__pydantic_private__", None)
        return changed

    def choices(self, name: str) -> list[int]:
        """Every whole number within the field's bounds with which there is a result."""
        candidates = [v for v in bounds(type(self), name) if self._fits(name, v)]
        return candidates or [getattr(self, name)]

    def positions(self, name: str) -> list[float]:
        """Where the slider of a field with `stops` can stand: these, and where it is now."""
        return sorted({*stops(type(self), name), getattr(self, name)})

    def _fits(self, name: str, value: int) -> bool:
        return self.with_value(name, value).problem() is None

    @classmethod
    def parse(cls, name: str, raw: Any) -> Value:  # noqa: ANN401 - links hold anything
        """One field's value from a link or a file.

        Raises:
            ValidationError: the value is not within the field's type or bounds.
        """
        value: Value = _adapter(cls, name).validate_python(raw)
        return value

    @classmethod
    def nearest(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """The settings closest to what was asked for that have a result.

        Args:
            values: field names and values, as text or typed; unknown names are passed over.

        Returns:
            The settings, and one sentence for each value that could not be taken as it was.
        """
        taken: dict[str, Value] = {}
        notices = []
        for name, info in cls.model_fields.items():
            if name not in values:
                continue
            try:
                taken[name] = cls.parse(name, values[name])
            except ValidationError:
                notices.append(_refused(cls, name, info, values[name]))
        return cls(**taken)._repaired(notices)

    def _repaired(self, notices: list[str]) -> tuple[Self, list[str]]:
        lesson = self
        for name in self.repair_order:
            if lesson.problem() is None:
                return lesson, notices
            lesson = lesson._repaired_by(name, notices)
        if lesson.problem() is not None:
            return type(self)(), [*notices, "These settings have no result; back to the start."]
        return lesson, notices

    def _repaired_by(self, name: str, notices: list[str]) -> Self:
        """Change one field to the nearest value that solves the problem, else to its least."""
        before = getattr(self, name)
        fitting = [v for v in bounds(type(self), name) if self._fits(name, v)]
        after = (
            min(fitting, key=lambda v: abs(v - before))
            if fitting
            else bounds(type(self), name)[0]
        )
        if after == before:
            return self
        title = label(name, type(self).model_fields[name])
        notices.append(f"{title} is now {after} instead of {before}: {self.problem()}")
        return self.with_value(name, after)

    def differences(self) -> dict[str, Value]:
        """The fields that differ from their defaults: what a link must carry."""
        return self.model_dump(exclude_defaults=True)


def bounds(lesson: type[Lesson], name: str) -> Sequence[int]:
    """The whole numbers between a field's bounds.

    Raises:
        TypeError: the field has no lower and upper bound.
    """
    low = high = None
    for rule in lesson.model_fields[name].metadata:
        low = getattr(rule, "ge", low)
        high = getattr(rule, "le", high)
    if low is None or high is None:
        raise TypeError(f"{lesson.__name__}.{name} needs ge= and le= to become a slider")
    return range(int(low), int(high) + 1)


def stops(lesson: type[Lesson], name: str) -> tuple[float, ...]:
    """The marks of a decimal field that is a slider; empty where the number is typed.

    They stand at the field: `Field(1.0, ge=0, le=3, json_schema_extra=marks(0, 0.5, 1, 3))`.
    """
    extra = lesson.model_fields[name].json_schema_extra
    found = extra.get("stops", ()) if isinstance(extra, dict) else ()
    return tuple(float(str(value)) for value in found) if isinstance(found, list) else ()


def marks(*values: float) -> JsonDict:
    """What a decimal field needs to become a slider with these marks."""
    return {"stops": [float(value) for value in values]}


def options(lesson: type[Lesson], name: str) -> tuple[str, ...]:
    """The slugs of a `Literal` field."""
    kind = lesson.model_fields[name].annotation
    return get_args(kind) if get_origin(kind) is Literal else ()


@lru_cache(maxsize=512)
def _adapter(lesson: type[Lesson], name: str) -> TypeAdapter[Any]:
    """Validates one field on its own, with its bounds."""
    info = lesson.model_fields[name]
    return TypeAdapter(Annotated[info.annotation, name, *info.metadata])  # type: ignore[arg-type]


def _refused(lesson: type[Lesson], name: str, info: FieldInfo, raw: object) -> str:
    title = label(name, info)
    if choices := options(lesson, name):
        valid = "one of " + ", ".join(choices)
    elif info.annotation is bool:
        valid = "true or false"
    elif info.annotation is str:
        valid = _text_rule(info)
    else:
        limits = [
            f"{word} {getattr(rule, part)}"
            for part, word in _BOUND_WORDS.items()
            for rule in info.metadata
            if getattr(rule, part, None) is not None
        ]
        valid = "a number " + " and ".join(limits)
    shown = str(raw) if len(str(raw)) <= 20 else f"{str(raw)[:20]}..."
    now = "empty" if info.default == "" else info.default
    return f"{title} cannot be {shown!r}: it is {valid}. It is now {now}."


def _text_rule(info: FieldInfo) -> str:
    longest = next(n for rule in info.metadata if (n := getattr(rule, "max_length", None)))
    if any(getattr(rule, "pattern", None) for rule in info.metadata):
        return f"a text like the one in its help, of at most {longest} characters"
    return f"a text of at most {longest:,} characters"


_BOUND_WORDS = {"ge": "of at least", "le": "of at most"}
