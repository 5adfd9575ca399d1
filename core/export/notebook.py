"""A script as a Jupyter notebook."""

from __future__ import annotations

import json
import re

import nbformat


def notebook(title: str, script: str, intro: str) -> bytes:
    """Put a script into a notebook, one cell for each of its sections.

    Args:
        title: heading, plain text.
        script: sections that begin with a comment at the margin, set apart by blank lines.
        intro: Markdown under the heading: what is shown, and where it comes from.

    Returns:
        The `.ipynb` file, UTF-8. Equal arguments give equal bytes.

    Raises:
        nbformat.ValidationError: the notebook is not one (an error of this function).
    """
    heading = {
        "cell_type": "markdown",
        "id": "about",
        "metadata": {},
        "source": f"# {title}\n\n{intro.strip()}",
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {
        "cells": [heading, *map(_code_cell, enumerate(sections(script), start=1))],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    nbformat.validate(book)
    return f"{json.dumps(book, indent=1, ensure_ascii=False)}\n".encode()


def sections(script: str) -> list[str]:
    r"""The parts of a script: each begins with a comment that follows a blank line.

    Example:
        >>> sections("# One.\na = 1\n\n# Two.\nb = 2\n")
        ['# One.\na = 1', '# Two.\nb = 2']
    """
    return re.split(r"\n\n(?=# )", script.strip())


def _code_cell(numbered: tuple[int, str]) -> dict[str, object]:
    number, source = numbered
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"step-{number}",
        "metadata": {},
        "outputs": [],
        "source": source,
    }
