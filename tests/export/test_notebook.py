"""Notebooks are valid, divided at the sections, and always the same."""

import nbformat

from core.export.convolution_code import convolution_script
from core.export.notebook import notebook, sections
from core.lessons.convolution import ConvolutionLesson, build


def script() -> str:
    return convolution_script(build(ConvolutionLesson(bias=True, flip=True)))


def test_it_is_a_valid_notebook_with_a_heading_and_one_cell_a_section():
    book = nbformat.reads(notebook("Convolution", script(), "From [a page](https://x.y).").decode(),
                          as_version=4)  # fmt: skip
    nbformat.validate(book)
    kinds = [cell.cell_type for cell in book.cells]
    assert kinds == ["markdown"] + ["code"] * len(sections(script()))
    assert book.cells[0].source == "# Convolution\n\nFrom [a page](https://x.y)."
    assert all(cell.source.startswith("# ") for cell in book.cells)


def test_cells_together_are_the_script():
    assert "\n\n".join(sections(script())) + "\n" == script()
    assert len(sections(script())) >= 6


def test_it_is_the_same_every_time():
    assert notebook("T", script(), "i") == notebook("T", script(), "i")


def test_titles_keep_their_letters():
    text = notebook("Größe × Länge", "# a\nx = 1\n", "é").decode("utf-8")
    assert "Größe × Länge" in text
