"""The loop over epochs as Keras statements, with what it learns from."""

from __future__ import annotations

from dataclasses import dataclass

from core.export.optimizer_code import loss, optimizer, velocities
from core.export.steering_code import steering, steers
from core.training.spec import FINDER_RANGE, FINDER_STEPS, TrainingSpec


@dataclass(frozen=True, slots=True)
class Fed:
    """Names that a script has for what is trained, and what it is fed with.

    Attributes:
        trainer: the model that `fit` is called of.
        learner: the model whose weights are learnt; early stopping goes back to its best ones.
        seen: what it is given of the pictures at the places `seen`.
        validation, test: the same for those parts.
        judged_at_once: pictures of a batch in validation.
        targets: statements that make `targets`; where there are none, one-hot classes.
        drawn: a statement that changes what is given at the places `seen`.
        wanted: the targets of what is given.
        loss: statements that make `loss`; where there are none, those of the run's loss.
        metrics: what is measured besides.
    """

    trainer: str = "model"
    learner: str = "model"
    seen: str = "images[seen]"
    validation: str = "images[validation]"
    test: str = "images[test]"
    judged_at_once: int = 256
    targets: str = ""
    drawn: str = ""
    wanted: str = "targets[seen]"
    loss: tuple[str, ...] = ()
    metrics: str = '"accuracy"'


def compiling(spec: TrainingSpec, fed: Fed) -> str:
    """Optimiser, loss, and the model that has them."""
    lines = [
        "# Optimiser and loss.",
        f"optimizer = {optimizer(spec)}",
        *velocities(spec),
        *(fed.loss or loss(spec)),
        f"{fed.trainer}.compile(optimizer, loss, metrics=[{fed.metrics}])",
    ]
    return "\n".join(lines)


def taught(spec: TrainingSpec, classes: int, fed: Fed) -> list[str]:
    """What stands between optimiser and end: the search, or the epochs with their schedule."""
    if spec.finds:
        return [search(spec, classes, fed)]
    return [steering(spec), loop(spec, classes, fed)]


def loop(spec: TrainingSpec, classes: int, fed: Fed) -> str:
    """The epochs; their losses and accuracies are left in `curve`."""
    callbacks = "\n        callbacks=[steering]," if steers(spec) else ""
    drawn = f"    {fed.drawn}\n" if fed.drawn else ""
    stopping = "best, best_epoch, best_weights = np.inf, 0, None\n" * spec.early_stopping
    return f"""\
# Train. Every epoch has an order of its own, always the same.
{_targets(classes, fed)}
held_out = ({fed.validation}, targets[validation])
curve = []
{stopping}for epoch in range({spec.epochs}):
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(training))
    seen = training[order]
{drawn}    told = {fed.trainer}.fit(
        {fed.seen},
        {fed.wanted},
        batch_size={spec.batch_size},
        shuffle=False,
        initial_epoch=epoch,
        epochs=epoch + 1,
        validation_data=held_out,
        validation_batch_size={fed.judged_at_once},{callbacks}
        verbose=2,
    )
    curve.append({{name: values[0] for name, values in told.history.items()}})
{_stopping(spec, fed)}""".rstrip()


def _targets(classes: int, fed: Fed) -> str:
    return fed.targets or f"targets = keras.utils.to_categorical(labels, {classes})"


def _stopping(spec: TrainingSpec, fed: Fed) -> str:
    if not spec.early_stopping:
        return ""
    restore = f"if best_weights:\n    {fed.learner}.set_weights(best_weights)"
    return f"""\
    if curve[-1]["val_loss"] < best - 1e-4:
        best, best_epoch = curve[-1]["val_loss"], epoch
        best_weights = {fed.learner}.get_weights()
    elif epoch - best_epoch >= {spec.patience}:
        break
{restore * spec.restore_best}"""


def search(spec: TrainingSpec, classes: int, fed: Fed) -> str:
    """The loop of a search for a learning rate."""
    low, high = FINDER_RANGE
    trainer, size = fed.trainer, spec.batch_size
    drawn = f"    {fed.drawn}\n" if fed.drawn else ""
    return f"""\
# Raise the learning rate from {low:g} to {high:g}, until the loss explodes.
{_targets(classes, fed)}
rates, losses = np.geomspace({low!r}, {high!r}, {FINDER_STEPS}), []
per_epoch = -(-len(training) // {size})
for step, rate in enumerate(rates):
    epoch, batch = divmod(step, per_epoch)
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(training))
    seen = training[order[batch * {size} : (batch + 1) * {size}]]
{drawn}    optimizer.learning_rate = rate
    {trainer}.reset_metrics()
    losses.append(float({trainer}.train_on_batch({fed.seen}, {fed.wanted})[0]))
    print(f"learning rate {{rate:.3g}}: loss {{losses[-1]:.4g}}")
    if not np.isfinite(losses[-1]) or losses[-1] > 4 * min(losses) + 1:
        break"""


def ending(spec: TrainingSpec, fed: Fed) -> str:
    """The test, and the model as a file."""
    if spec.finds:
        return ""
    return (
        "# The last word: pictures that were neither trained on nor used for a choice.\n"
        f"{fed.trainer}.evaluate({fed.test}, targets[test], verbose=2)\n"
        'model.save("model.keras")'
    )
