"""The short text of each page: what to look at, what goes wrong, where it comes from."""

from functools import cache
from pathlib import Path


@cache
def note(slug: str) -> str:
    """The page's text as Markdown."""
    return Path(__file__).with_name(f"{slug}.md").read_text(encoding="utf-8")
