"""How a run is, in words."""

from __future__ import annotations

from core.training import Run
from core.training.spec import TrainingSpec

ICONS = {
    "queued": ":material/hourglass_empty:",
    "starting": ":material/rocket_launch:",
    "running": ":material/play_circle:",
    "paused": ":material/pause_circle:",
    "finished": ":material/check_circle:",
    "stopped": ":material/stop_circle:",
    "failed": ":material/error:",
}
"""A sign for each state of a run."""


def name_of(spec: TrainingSpec) -> str:
    """What tells a run apart in a list, behind its number."""
    if spec.finds:
        return "Search for a learning rate"
    return f"{spec.optimizer} {spec.learning_rate:g}"


def begins_with(spec: TrainingSpec, name: str) -> float:
    """The value of a live setting before the first step."""
    return spec.begins_at if name == "learning_rate" else float(getattr(spec, name))


def status_line(run: Run) -> str:
    """State, place, progress, speed, time left and memory: one line of Markdown."""
    parts = [f"{ICONS[run.state]} **{run.state.capitalize()}**"]
    if run.state == "queued":
        parts.append(_place_in_words(run.place))
    started, batches = run.latest("started"), run.latest("batches")
    if not started and run.state == "starting":
        parts += _preparation(run)
    if started:
        per_epoch, total = started.data["steps_per_epoch"], started.data["steps"]
        epoch = max(-(-run.step // per_epoch), 1)
        parts.append(f"epoch {epoch} of {-(-total // per_epoch)}")
        parts.append(f"batch {run.step:,} of {total:,}")
    if started and batches:
        speed = batches.data["images_per_second"]
        parts.append(f"{speed:,.0f} images/s")
        if run.state == "running":
            left = (started.data["steps"] - run.step) * run.spec.batch_size / max(speed, 1e-9)
            parts.append(f"about {duration(left)} left")
        else:
            parts.append(f"{duration(batches.data['elapsed'])} of training")
        parts.append(f"{batches.data['memory'] / 2**20:,.0f} MB")
    return " · ".join(parts)


def _place_in_words(place: int) -> str:
    if place <= 1:
        return "next in the queue: it begins as soon as a slot is free"
    return f"place {place} in the queue"


def _preparation(run: Run) -> list[str]:
    """What a transfer does before its first step."""
    told = run.latest("preparing")
    if told is None:
        return []
    done, of = told.data["done"], told.data["of"]
    if told.data["what"] == "network":
        return ["the network is being built"]
    if told.data["what"] == "head":
        return [f"the head alone: epoch {done} of {of}"]
    return [f"features of {done:,} of {of:,} pictures" if of else "features are known already"]


def duration(seconds: float) -> str:
    """A time as a person says it.

    >>> duration(4.2), duration(75), duration(7300)
    ('4 s', '1 min 15 s', '2 h 2 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min"


def progress(run: Run) -> float:
    """Share of the run that is done, 0 to 1; before the first step, of what comes before it."""
    if started := run.latest("started"):
        steps: int = started.data["steps"]
        return min(run.step / steps, 1.0)
    told = run.latest("preparing")
    if told is None or not told.data["of"]:
        return 0.0
    share: float = told.data["done"] / told.data["of"]
    return min(share, 1.0)
