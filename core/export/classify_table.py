"""The answers of the page "Classify" as tables."""

from __future__ import annotations

import csv
import io

from core.lessons.classify_case import ClassifyCase
from core.zoo.imagenet import names


def answers_csv(case: ClassifyCase) -> str:
    """The likeliest classes of each network with logit, power and probability."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(
        ["network", "rank", "class", "name", "logit", "power", "probability", "unchanged"]
    )
    for answered in case.answered:
        for rank, row in enumerate(answered.rows(case.lesson.top_count), 1):
            before = "" if row.before is None else repr(row.before)
            numbers = [repr(row.logit), repr(row.power), repr(row.probability), before]
            write.writerow([answered.network, rank, row.index, row.name, *numbers])
    return out.getvalue()


def curve_csv(case: ClassifyCase) -> str:
    """Probabilities of the drawn classes at every known position of the challenge's slider."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["network", case.lesson.challenge, "class", "name", "probability"])
    for answered in case.answered:
        swept = answered.swept
        for index in answered.tracked(case.challenge.neutral):
            for place, row in zip(swept.positions, swept.probabilities, strict=True):  # type: ignore[union-attr]
                share = repr(float(row[index]))
                write.writerow([answered.network, f"{place:g}", index, names()[index], share])
    return out.getvalue()
