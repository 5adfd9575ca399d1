"""Presets of the page "Training"."""

from __future__ import annotations

from core.lessons.training import TrainingLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

Decks = tuple[Deck, ...]


def _add(slug: str, title: str, topic: str, decks: Decks, lesson: Lesson, look: str) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "mnist-characters",
    "Character recognition: LeNet on handwritten digits",
    "First trainings",
    ("NTU", "MLC"),
    Lesson(),
    "Press Start. Softmax, log-likelihood and Adam: after one epoch most of the 10 digits are "
    "told apart. See Confusion for those that are not.",
)
_add(
    "two-conv-two-fc",
    "Two convolutions, two dense layers",
    "First trainings",
    ("NTU",),
    Lesson(network="two-conv"),
    "The network of the workshop on 28 x 28 pictures. Compare its parameters with LeNet-5's "
    "61,706 in the view Network.",
)
_add(
    "penn-lenet",
    "LeNet-5 as published",
    "First trainings",
    ("Penn",),
    Lesson(network="lenet", optimizer="sgd", learning_rate=0.05),
    "61,706 parameters, trained with plain stochastic gradient descent on the cross-entropy.",
)
_add(
    "faces-or-not",
    "Faces versus not faces",
    "First trainings",
    ("Penn",),
    Lesson(dataset="faces", network="lenet", epochs=15, batch_size=16),
    "A binary task on 200 pictures of 25 x 25 pixels. With so few pictures the training "
    "loss falls on while the validation loss turns.",
)
_add(
    "iterations-per-epoch",
    "Epochs, batches, iterations",
    "First trainings",
    ("Coimbra",),
    Lesson(dataset="mnist", batch_size=32, training_percent=90, validation_percent=5),
    "60,000 / 32 = 1,875 iterations an epoch: change the batch size and read the arithmetic. "
    "Hyper-parameters are set before, parameters are learnt during, performance is seen after.",
)
_add(
    "training-cross-entropy-sgd",
    "Cross-entropy by stochastic gradient descent",
    "First trainings",
    ("Penn",),
    Lesson(network="logistic", optimizer="sgd", learning_rate=0.1),
    "Logistic regression: no hidden layer. In Filters each class has one picture of weights.",
)
_add(
    "training-rate-too-small",
    "Learning rate too small",
    "Learning rate",
    ("MLC",),
    Lesson(optimizer="sgd", learning_rate=0.0001),
    "The loss hardly moves. While it runs, raise the learning rate with the slider above the "
    "curves.",
)
_add(
    "training-rate-too-big",
    "Learning rate too big",
    "Learning rate",
    ("MLC",),
    Lesson(optimizer="sgd", learning_rate=10.0, epochs=2),
    "Each step goes far beyond the minimum: the loss is above 2.30, what guessing one of 10 "
    "classes has. The run says so, and what would work.",
)
_add(
    "training-step-down-the-hill",
    "The learning rate is the step down the hill",
    "Learning rate",
    ("Coimbra",),
    Lesson(network="dense", optimizer="sgd", learning_rate=0.1),
    "Forward pass, loss, backpropagation, update: press Start paused, then 1 batch, and see "
    "one step at a time. Norms shows how long gradient and update are.",
)
_add(
    "learning-rate-finder",
    "Learning-rate finder",
    "Learning rate",
    (),
    Lesson(schedule="finder"),
    "The learning rate is raised from 1e-6 to 10, a little at each batch. A good one is where "
    "the loss falls most steeply.",
)
_add(
    "cosine-with-warm-up",
    "Warm-up, then cosine",
    "Learning rate",
    (),
    Lesson(optimizer="momentum", learning_rate=0.1, schedule="cosine", warmup_epochs=1),
    "The learning rate rises over one epoch and falls to 0 at the end.",
)
_add(
    "training-optimisation-strategies",
    "Optimisation strategies: momentum",
    "Optimisers",
    ("MLC",),
    Lesson(network="dense", optimizer="momentum", learning_rate=0.05),
    "Run it, then the same with sgd, rmsprop and adam: Compare lays the curves over one "
    "another. The page Descent shows the same rules on a surface.",
)
_add(
    "training-without-clipping",
    "Without gradient clipping",
    "Optimisers",
    ("MLC",),
    Lesson(network="dense", optimizer="sgd", learning_rate=2.0),
    "Single steps are thrown far away: watch Norms and the jumps of the loss.",
)
_add(
    "training-with-clipping",
    "With gradient clipping",
    "Optimisers",
    ("MLC",),
    Lesson(network="dense", optimizer="sgd", learning_rate=2.0, clipping="norm", clip=0.1),
    "The same learning rate, but no step is longer than 0.1 x 2: the loss falls.",
)
_add(
    "training-dropout",
    "Dropout",
    "Regularisation",
    ("MLC",),
    Lesson(network="dense", dropout=0.5, epochs=15),
    "Half of the units before the output are silenced, others at each step: see the view "
    "Dropout. The training loss is now above the validation loss.",
)
_add(
    "training-early-stopping",
    "Early stopping",
    "Regularisation",
    ("MLC",),
    Lesson(network="dense", early_stopping=True, patience=2, epochs=50, images=1000),
    "With few pictures the validation loss soon turns: the run ends, and goes back to the best "
    "weights.",
)
_add(
    "training-batch-norm",
    "Batch normalisation",
    "Regularisation",
    ("MLC", "NTU"),
    Lesson(network="vgg"),
    "Each convolution is followed by batch norm: two learnable numbers a channel. Put it "
    "behind the activation and compare.",
)
_add(
    "training-layer-norm",
    "Layer normalisation",
    "Regularisation",
    ("MLC",),
    Lesson(network="vit"),
    "A small vision transformer normalises each token by itself. It needs more data than a "
    "convolutional network.",
)
_add(
    "skip-connections",
    "Residual network",
    "Architectures",
    ("NTU", "Penn"),
    Lesson(network="resnet"),
    "Skip connections let the gradient through: compare with them switched off, in Norms.",
)
