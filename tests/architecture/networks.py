"""Networks drawn at random: mostly ones that fit, since rows are drawn for the shape so far."""

from __future__ import annotations

from hypothesis import strategies as st

from core.architecture.counting import MisfitError
from core.architecture.measure import measure
from core.architecture.network import Architecture
from core.architecture.rows import KINDS, RowModel

LARGE = {"filters": 12, "units": 40, "kernel": 5, "width": 24, "size": 6}
"""Upper bounds that keep the Keras models of a test small."""

SHAPES = st.tuples(st.integers(5, 20), st.integers(5, 20), st.sampled_from([1, 3]))


def rows(kind: str, *, small: bool = True) -> st.SearchStrategy[RowModel]:
    """Rows of one kind, every field drawn within its bounds."""
    model = KINDS[kind]
    fields = {}
    for name, info in model.model_fields.items():
        if name in ("kind", "on"):
            continue
        low = next((r.ge for r in info.metadata if hasattr(r, "ge")), None)
        high = next((r.le for r in info.metadata if hasattr(r, "le")), None)
        if info.annotation is bool:
            fields[name] = st.booleans()
        elif info.annotation is int:
            most = min(high, LARGE.get(name, high)) if small else high
            fields[name] = st.integers(low, most)
        elif info.annotation is float:
            fields[name] = st.integers(round(low * 100), round(high * 100)).map(
                lambda n: n / 100
            )
        else:
            fields[name] = st.sampled_from(info.annotation.__args__)
    on = st.booleans() if not small else st.sampled_from([True] * 7 + [False])
    return st.builds(model, on=on, **fields)


MAPS = [
    "conv", "depthwise_conv", "separable_conv", "residual", "pool", "batch_norm", "layer_norm",
    "activation", "dropout",
]  # fmt: skip
TOKENS = ["positions", "transformer", "layer_norm", "batch_norm", "activation", "dropout"]
VECTOR = ["dense", "dense", "batch_norm", "layer_norm", "activation", "dropout", "flatten"]


@st.composite
def fitting(draw: st.DrawFn, shape: tuple[int, int, int]) -> Architecture:
    """A network that takes images of this shape."""
    found: list[RowModel] = []
    now: tuple[int, ...] = shape

    def add(kind: str) -> None:
        nonlocal now
        row = draw(rows(kind))
        try:
            after = measure(row, now).shape if row.on else now
        except MisfitError:
            return
        found.append(row)
        now = after

    for _ in range(draw(st.integers(0, 4))):
        add(draw(st.sampled_from(MAPS)))
    if draw(st.booleans()):
        add("patches")
    while len(now) == 2 and draw(st.booleans()):
        add(draw(st.sampled_from(TOKENS)))
    end = KINDS[draw(st.sampled_from(["flatten", "global_pool"]))]()
    found.append(end)
    now = measure(end, now).shape
    for _ in range(draw(st.integers(0, 2))):
        add(draw(st.sampled_from(VECTOR)))
    return Architecture(rows=tuple(found))


@st.composite
def any_network(draw: st.DrawFn) -> Architecture:
    """A network of any rows, whether it fits or not."""
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), max_size=8))
    return Architecture(rows=tuple(draw(rows(kind, small=False)) for kind in kinds))
