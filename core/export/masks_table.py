"""The counted pixels and measures of the page "Masks" as files."""

from __future__ import annotations

import csv
import io
import json

from core.lessons.masks_case import MasksCase
from core.vision.metrics.formulas import MEASURES


def masks_csv(case: MasksCase) -> str:
    """Counts and measures, one a line: name, value, how it is counted."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["name", "value", "counted"])
    counts = case.counts
    write.writerows([kind, count, "pixels"] for kind, count in counts.items())
    for slug, measure in MEASURES.items():
        line = f"{measure.formula} = {measure.filled(counts)}"
        write.writerow([slug, repr(measure.value(counts)), line])
    if (lines := case.outlines) is not None:
        within = f"2 P R / (P + R) within {lines.tolerance_px:.0f} px"
        write.writerow(["boundary_f", repr(lines.f), within])
    return out.getvalue()


def masks_json(case: MasksCase) -> str:
    """Settings, size, counts and measures."""
    height, width = case.mask.shape
    lines = case.outlines
    found = {slug: measure.value(case.counts) for slug, measure in MEASURES.items()}
    return json.dumps(
        {
            "picture": case.subject.title,
            "width": width,
            "height": height,
            "counts": case.counts,
            "measures": found | ({} if lines is None else {"boundary_f": lines.f}),
            "tolerance_px": case.lesson.mask_tolerance,
            "settings": case.lesson.differences(),
        },
        indent=2,
    )
