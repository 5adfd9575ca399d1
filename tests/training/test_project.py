"""A project opens again as it was saved; whatever else comes in a zip is refused."""

import hashlib
import io
import json
import pickle
import zipfile

import numpy as np
import pytest

from core.data.uploads import read_files
from core.images.samples import SAMPLES
from core.training import Desk, RunError, TransferSpec, project
from core.training.answers import AnswerError, predict
from core.training.project import ABOUT, HISTORY, WEIGHTS, ProjectError
from core.ui.pictures import png
from tests.training.inline import Inline, ended

pytestmark = pytest.mark.tf

SMALL = {"side": 64, "epochs": 2, "batch_size": 8}
RUN = TransferSpec(
    name="3. Faces", data={"dataset": "faces", "images": 40}, dense=8, dropout=0.2, **SMALL
)


def photos():
    """Two classes of eight crops each, from two photos."""
    files = []
    for name, slug in (("cat / katze", "chelsea"), ("coins", "coins")):
        pixels = SAMPLES[slug].load()
        crops = [pixels[10 * k : 10 * k + 120, 12 * k : 12 * k + 150] for k in range(8)]
        files += [(name, png(crop)) for crop in crops]
    return read_files(files, 48).dataset


@pytest.fixture(scope="module")
def run():
    return ended(RUN)


@pytest.fixture(scope="module")
def saved(run):
    return project.save(Inline(), run)


def changed(content, name=None, new=b"", *, about=None, add=(), drop=(), restamp=False):
    """The zip with a file replaced, added or left out; `about` edits what stands in `ABOUT`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    if name:
        files[name] = new(files[name]) if callable(new) else new
    files = {entry: data for entry, data in files.items() if entry not in drop}
    told = {} if name == ABOUT else json.loads(files[ABOUT])
    if restamp:
        told["files"] = {
            entry: {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for entry, data in files.items()
            if entry != ABOUT
        }
    if about:
        about(told)
    if name != ABOUT:
        files[ABOUT] = json.dumps(told).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry, data in [*files.items(), *add]:
            archive.writestr(entry, data)
    return buffer.getvalue()


def test_a_frozen_run_is_saved_with_its_head_alone(run, saved):
    assert len(saved) < 500_000 < len(run.model)
    read = project.read(saved)
    assert read.shapes == {
        "head_dense/kernel": (1280, 8),
        "head_dense/bias": (8,),
        "output/kernel": (8, 2),
        "output/bias": (2,),
    }
    assert read.spec == run.spec
    assert read.own is None


def test_opened_again_it_has_its_curve_and_the_same_answers(run, saved):
    read = project.read(saved)
    again = project.reopened(Inline(), read, "somebody")
    assert (again.name, again.state, again.at_rest) == ("3. Faces", "finished", True)
    assert again.session == "somebody"
    before, after = run.series(), again.series()
    for name in ("loss", "epoch_loss", "validation_accuracy", "gradient_norm"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    assert read.accuracy == before.validation_accuracy[-1]
    pictures = run.pictures().images[:10]
    np.testing.assert_allclose(
        predict(Inline(), again.model, pictures),
        predict(Inline(), run.model, pictures),
        atol=1e-6,
    )
    one, other = run.latest("snapshot").data, again.latest("snapshot").data
    assert one["maps"].keys() == other["maps"].keys()
    np.testing.assert_array_equal(one["probabilities"], other["probabilities"])


def test_a_desk_takes_it_in_beside_the_other_runs(run, saved):
    desk = Desk(lambda: None)
    again = project.reopened(Inline(), project.read(saved), "me")
    desk.adopt(again)
    assert desk.runs("me") == [again]
    assert desk.going("me") is None
    again._settled = False
    with pytest.raises(RunError, match="has ended"):
        desk.adopt(again)


@pytest.mark.parametrize("way", ["frozen", "finetune"])
def test_own_pictures_come_back_pixel_by_pixel(way):
    own = photos()
    spec = TransferSpec(data={"dataset": "own", "image_size": 48}, way=way, **SMALL)
    first = ended(spec.model_copy(update={"head_epochs": 1, "epochs": 1}), own)
    content = project.save(Inline(), first)
    read = project.read(content)
    np.testing.assert_array_equal(read.own.images, own.images)
    np.testing.assert_array_equal(read.own.labels, own.labels)
    assert read.own.class_names == ("cat / katze", "coins")
    again = project.reopened(Inline(), read, "me")
    np.testing.assert_array_equal(again.split().training, first.split().training)
    np.testing.assert_allclose(
        predict(Inline(), again.model, own.images),
        predict(Inline(), first.model, own.images),
        atol=1e-6,
    )
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "pictures/000 cat _ katze/00000.png" in names


def test_changes_made_on_the_way_are_kept(run):
    from core.training import Event

    steered = ended(RUN)
    steered._events.insert(
        -1, Event(10**6, 0.0, "changed", 3, {"setting": "learning_rate", "value": 0.01})
    )
    steered._events[-1] = Event(10**6 + 1, 0.0, "ended", 8, dict(steered._events[-1].data))
    again = project.reopened(Inline(), project.read(project.save(Inline(), steered)), "me")
    assert [(c.step, c.setting, c.value) for c in again.changes()] == [
        (3, "learning_rate", 0.01)
    ]
    assert again.repeatable().changes == steered.repeatable().changes


class Wrecker:
    """Would leave a file where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_in_the_place_of_the_weights_does_nothing(saved, tmp_path):
    bad = pickle.dumps(Wrecker(tmp_path / "ran"))
    with pytest.raises(ProjectError, match="bytes; the shapes in"):
        project.read(changed(saved, WEIGHTS, bad, restamp=True))
    buffer = io.BytesIO()
    np.save(buffer, np.array([Wrecker(tmp_path / "ran")], object), allow_pickle=True)
    with pytest.raises(ProjectError):
        project.read(changed(saved, HISTORY, buffer.getvalue(), restamp=True))
    assert not (tmp_path / "ran").exists()


def put(**values):
    return lambda told: told.update(values)


def settings(**values):
    return lambda told: told["settings"].update(values)


def weights(**values):
    return lambda told: told["weights"].update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"about": put(version=2)}, "of version 2; this app reads version 1"),
        ({"about": put(format="other")}, "not that of a transfer"),
        ({"about": put(surprise=1)}, "surprise: Extra inputs"),
        ({"about": put(class_names=["only"])}, "class_names"),
        ({"about": put(digest="0" * 32)}, "are others here"),
        ({"about": put(shape=[24, 25, 1])}, "are others here"),
        ({"about": settings(epochs=10**9)}, "settings.epochs"),
        ({"about": settings(backbone="../../etc")}, "no pretrained network"),
        (
            {"about": settings(data={"dataset": "flowers"})},
            "pictures of the project are not here",
        ),
        ({"about": weights(**{"output/bias": [3]})}, "the shapes in project.json need"),
        ({"about": weights(**{"output/bias": [-1]})}, "weight without numbers"),
        ({"about": weights(**{"output/bias": [2**40]})}, "the shapes in project.json need"),
        ({"name": ABOUT, "new": b"{"}, "no JSON"),
        ({"name": ABOUT, "new": b"[" * 100_000}, "no JSON"),
        ({"name": ABOUT, "new": b"[]"}, "not that of a transfer"),
        ({"name": WEIGHTS, "new": lambda data: data[:-4]}, "not as it was saved"),
        ({"name": WEIGHTS, "new": lambda data: data[:-4], "restamp": True}, "the shapes in"),
        (
            {
                "name": WEIGHTS,
                "new": lambda data: data[:-4] + np.float32(np.nan).tobytes(),
                "restamp": True,
            },
            "not finite",
        ),
        ({"name": HISTORY, "new": b"[]", "restamp": True}, "no list of events"),
        ({"drop": [WEIGHTS]}, "lacks weights.bin"),
        ({"drop": [HISTORY], "restamp": True}, "lacks history.json"),
        ({"add": [("model.keras", b"PK")]}, "'model.keras', which does not belong"),
        ({"add": [("../outside.txt", b"")]}, "points outside"),
        ({"add": [(ABOUT, b"{}")]}, "a name twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_project_that_was_changed_is_refused_in_words(saved, change, words):
    with pytest.raises(ProjectError, match=words):
        project.read(changed(saved, **change))


def test_other_files_are_refused_in_words(saved, monkeypatch):
    with pytest.raises(ProjectError, match="no zip archive"):
        project.read(b"hello")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("cats/1.jpg", b"")
    with pytest.raises(ProjectError, match="no project"):
        project.read(buffer.getvalue())
    monkeypatch.setattr("core.data.archives.MAX_TOTAL_BYTES", len(saved) - 1)
    with pytest.raises(ProjectError, match="The upload has"):
        project.read(saved)


def test_a_zip_that_unpacks_to_far_more_is_not_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ABOUT, b"{}")
        archive.writestr(WEIGHTS, bytes(60_000_000))
    with pytest.raises(ProjectError, match="more than 100 times"):
        project.read(buffer.getvalue())


def test_a_link_is_refused(saved):
    with zipfile.ZipFile(buffer := io.BytesIO(saved), "a") as archive:
        link = zipfile.ZipInfo("classes")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ProjectError, match="or a link"):
        project.read(buffer.getvalue())


def test_weights_of_another_network_are_refused_by_the_one_that_builds_it(saved):
    def other(told):
        told["settings"]["dense"] = 0

    read = project.read(changed(saved, about=other))
    with pytest.raises(AnswerError, match="not those of the network of these settings"):
        project.reopened(Inline(), read, "me")

    def wider(told):
        told["settings"]["dense"] = 9

    read = project.read(changed(saved, about=wider))
    with pytest.raises(AnswerError, match=r"has the shape \(1280, 8\)"):
        project.reopened(Inline(), read, "me")


def test_a_run_without_a_model_cannot_be_saved():
    from core.training import Run

    with pytest.raises(ProjectError, match="no model yet"):
        project.save(Inline(), Run(RUN, "me"))
