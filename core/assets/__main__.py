"""`python -m core.assets list`, and `python -m core.assets fetch [name ...]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.assets.manifest import ASSETS, Asset
from core.assets.remote import megabytes
from core.assets.store import AssetError, find, path

_WORDS = {
    "installed": "here, with its package",
    "cache": "here, downloaded",
    "missing": "not here",
    "refused": "another file, not used",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m core.assets", description=__doc__)
    parser.add_argument("action", choices=("list", "fetch"))
    parser.add_argument("names", nargs="*", metavar="name", help="all of them by default")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in ASSETS]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(ASSETS)}")
    chosen = [ASSETS[name] for name in given.names or ASSETS]
    if given.action == "list":
        _say("\n".join(rows(chosen)))
        return 0
    return max(_fetch(asset) for asset in chosen)


def rows(assets: Sequence[Asset]) -> list[str]:
    """A table as lines: name, version, length, where, licence."""
    table = [("name", "version", "size", "where", "licence")]
    table += [
        (a.name, a.version, megabytes(a.size), _WORDS[find(a).where], a.licence) for a in assets
    ]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _fetch(asset: Asset) -> int:
    def show(done: int, total: int) -> None:
        if sys.stdout.isatty():
            _say(f"\r{asset.title}: {megabytes(done)} of {megabytes(total)}  ", end="")

    try:
        place = path(asset.name, show)
    except AssetError as error:
        _say(f"{asset.title}: {error}")
        return 1
    _say(f"\r{asset.title}: {place}")
    return 0


def _say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
