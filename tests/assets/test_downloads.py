"""A file arrives whole and checked, or not at all, and what went wrong is said."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.assets import downloads
from core.assets.downloads import Download, DownloadError, fetch, fetch_all
from core.assets.remote import MIRROR, keras_home, megabytes

pytestmark = pytest.mark.usefixtures("online")
CONTENT = np.random.default_rng(1).integers(0, 256, 900_000, dtype=np.uint8).tobytes()


def lying(folder: Path) -> set[str]:
    """The files there, but for the locks."""
    return {
        path.name for path in folder.rglob("*") if path.suffix != ".lock" and path.is_file()
    }


def test_a_file_arrives_and_is_found_again(stand_in, keras_home):
    file = stand_in.offer("a.bin", CONTENT, "sub/b.bin")
    assert not file.here
    assert fetch(file) == keras_home / "datasets" / "sub" / "b.bin"
    assert file.here
    assert file.path.read_bytes() == CONTENT
    assert fetch(file) == file.path
    assert len(stand_in.requests) == 1
    assert lying(keras_home) == {"b.bin"}


def test_progress_grows_to_the_whole(stand_in):
    seen = []
    fetch(stand_in.offer("a.bin", CONTENT), lambda done, total: seen.append((done, total)))
    done = [pair[0] for pair in seen]
    assert done == sorted(set(done))
    assert len(done) > 2
    assert done[-1] == len(CONTENT)
    assert {total for _, total in seen} == {len(CONTENT)}


def test_progress_of_several_files_is_one(stand_in):
    files = (stand_in.offer("a.bin", CONTENT), stand_in.offer("b.bin", CONTENT[:1000]))
    seen = []
    fetch_all(Download("Two", files), lambda done, total: seen.append((done, total)))
    done = [pair[0] for pair in seen]
    assert done == sorted(done)
    assert seen[-1] == (901_000, 901_000)
    seen.clear()
    fetch_all(Download("Two", files), lambda done, total: seen.append((done, total)))
    assert seen == [(900_000, 901_000), (901_000, 901_000)]


def test_another_content_of_the_same_length_is_thrown_away(stand_in, keras_home):
    file = stand_in.offer("a.bin", CONTENT)
    stand_in.files["/a.bin"] = CONTENT[::-1]
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 sent as a\.bin is not the file"):
        fetch(file)
    assert not file.here
    assert lying(keras_home) == set()


@pytest.mark.parametrize("states_length", [True, False])
def test_a_login_page_in_between_is_recognised(stand_in, keras_home, states_length):
    stand_in.states_length = states_length
    file = stand_in.offer("a.bin", CONTENT[:50])
    stand_in.files["/a.bin"] = b"<html>" * 100
    with pytest.raises(DownloadError, match=r"600 bytes as a\.bin instead of 50: .* login"):
        fetch(file)
    assert not file.here


@pytest.mark.parametrize("states_length", [True, False])
def test_a_broken_connection_is_taken_up_where_it_broke(stand_in, states_length):
    stand_in.states_length = states_length
    stand_in.breaks = [300_000, 300_000]
    file = stand_in.offer("a.bin", CONTENT)
    assert fetch(file).read_bytes() == CONTENT
    assert [asked for _, _, asked in stand_in.requests] == [
        "", "bytes=300000-", "bytes=600000-",
    ]  # fmt: skip


def test_a_server_that_cannot_begin_in_the_middle_begins_anew(stand_in):
    stand_in.ranges = False
    stand_in.breaks = [300_000]
    assert fetch(stand_in.offer("a.bin", CONTENT)).read_bytes() == CONTENT


def test_a_connection_that_breaks_for_good_leaves_a_part_for_the_next_time(stand_in):
    stand_in.breaks = [100_000] * downloads.ATTEMPTS
    file = stand_in.offer("a.bin", CONTENT)
    with pytest.raises(DownloadError, match=r"broke after 0\.4 MB of 0\.9 MB of a\.bin"):
        fetch(file)
    assert not file.here
    stand_in.requests.clear()
    assert fetch(file).read_bytes() == CONTENT
    assert stand_in.requests == [("GET", "/a.bin", "bytes=400000-")]


def test_a_part_that_is_complete_only_has_to_be_checked(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    file.path.parent.mkdir(parents=True)
    file.path.with_name("a.bin.part").write_bytes(CONTENT)
    assert fetch(file).read_bytes() == CONTENT
    assert stand_in.requests == []


@pytest.mark.parametrize("wrong", [CONTENT[::-1], CONTENT + b"more", b"short"])
def test_a_part_or_a_file_of_something_else_is_replaced(stand_in, wrong):
    file = stand_in.offer("a.bin", CONTENT)
    file.path.parent.mkdir(parents=True)
    file.path.write_bytes(wrong)
    assert fetch(file).read_bytes() == CONTENT


def test_a_part_of_something_else_is_found_out_and_the_next_try_is_clean(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    file.path.parent.mkdir(parents=True)
    file.path.with_name("a.bin.part").write_bytes(b"x" * 1000)
    with pytest.raises(DownloadError, match="not the file expected"):
        fetch(file)
    assert fetch(file).read_bytes() == CONTENT


def test_a_missing_file_is_told_with_the_servers_answer_and_asked_for_once(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    stand_in.statuses["/a.bin"] = 404
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 answers 404 \(Not Found\)"):
        fetch(file)
    assert len(stand_in.requests) == 1


def test_a_server_in_trouble_is_asked_again(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    stand_in.statuses["/a.bin"] = 503
    with pytest.raises(DownloadError, match="503"):
        fetch(file)
    assert len(stand_in.requests) == downloads.ATTEMPTS


def test_the_second_address_is_asked_where_the_first_fails(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    both = replace(file, addresses=(f"{stand_in.address}/gone.bin", *file.addresses))
    assert fetch(both).read_bytes() == CONTENT
    assert [path for _, path, _ in stand_in.requests] == ["/gone.bin", "/a.bin"]


def test_without_a_network_it_is_said_what_works_meanwhile(stand_in):
    file = replace(stand_in.offer("a.bin", CONTENT), addresses=("http://127.0.0.1:9/a.bin",))
    with pytest.raises(DownloadError) as told:
        fetch(file)
    assert str(told.value) == (
        "127.0.0.1 cannot be reached, so a.bin (0.9 MB) cannot be fetched: there is no "
        "network, or it is blocked. What needs no download works meanwhile."
    )


def test_a_mirror_takes_the_place_of_all_addresses(stand_in, monkeypatch):
    file = replace(stand_in.offer("a.bin", CONTENT), addresses=("http://127.0.0.1:9/x/a.bin",))
    monkeypatch.setenv(MIRROR, f"{stand_in.address}/")
    assert fetch(file).read_bytes() == CONTENT


@pytest.mark.parametrize("mirror", ["file:///etc", "ftp://127.0.0.1", "here"])
def test_a_mirror_is_an_address_of_the_web(stand_in, monkeypatch, mirror):
    file = stand_in.offer("a.bin", CONTENT)
    monkeypatch.setenv(MIRROR, mirror)
    with pytest.raises(DownloadError, match="no address that data can come from"):
        fetch(file)


def test_two_threads_download_once(stand_in):
    stand_in.gate = threading.Event()
    file = stand_in.offer("a.bin", CONTENT)
    results: list[Path] = []
    threads = [threading.Thread(target=lambda: results.append(fetch(file))) for _ in range(4)]
    for thread in threads:
        thread.start()
    stand_in.gate.set()
    for thread in threads:
        thread.join()
    assert results == [file.path] * 4
    assert len(stand_in.requests) == 1


def test_two_processes_download_once(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    code = (
        "from core.assets.remote import RemoteFile; from core.assets.downloads import fetch; "
        f"print(fetch({file!r}).stat().st_size)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in processes] == ["900000\n"] * 3
    assert len(stand_in.requests) == 1


def test_whoever_is_told_of_the_progress_can_stop_it(stand_in, keras_home):
    class EnoughError(Exception):
        pass

    def enough(done, total):
        raise EnoughError

    file = stand_in.offer("a.bin", CONTENT)
    with pytest.raises(EnoughError):
        fetch(file, enough)
    assert not file.here
    assert lying(keras_home) == {"a.bin.part"}
    assert fetch(file).read_bytes() == CONTENT


def test_a_full_disk_is_told_before_anything_is_fetched(stand_in, monkeypatch):
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DownloadError, match=r"needs 51 MB in .*, where 1 MB are free"):
        fetch(stand_in.offer("a.bin", CONTENT))
    assert stand_in.requests == []


def test_a_place_that_cannot_be_written_to_is_told(stand_in, keras_home):
    keras_home.mkdir()
    (keras_home / "datasets").write_text("a file where the folder should be")
    with pytest.raises(DownloadError, match=r"cannot be written .* set KERAS_HOME"):
        fetch(stand_in.offer("a.bin", CONTENT))


def test_reading_says_what_is_missing_and_what_is_another_file(stand_in):
    file = stand_in.offer("a.bin", CONTENT)
    both = Download("Letters", (file,))
    assert not both.here
    with pytest.raises(
        DownloadError, match=r"Letters is not here yet: 0\.9 MB have to be downloaded"
    ):
        both.read()
    fetch_all(both)
    assert both.here
    assert both.read() == [CONTENT]
    file.path.write_bytes(CONTENT[::-1])
    assert both.here
    with pytest.raises(DownloadError, match=r"its checksum is off\. Download Letters again"):
        both.read()
    # It is offered again from now on, and replaced.
    assert not both.here
    fetch_all(both)
    assert both.here
    assert both.read() == [CONTENT]


def test_what_is_kept_lies_where_keras_looks(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "here"))
    assert keras_home() == tmp_path / "here"
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert keras_home() == tmp_path / ".keras"


@pytest.mark.tf
@pytest.mark.parametrize("stated", ["own", "home"])
def test_keras_looks_in_the_same_place(tmp_path, stated):
    environment = {**os.environ, "HOME": str(tmp_path)}
    del environment["KERAS_HOME"]
    if stated == "own":
        environment["KERAS_HOME"] = str(tmp_path / "own")
    code = (
        "from keras.src.backend import config; from core.assets.remote import keras_home; "
        "print(config.keras_home(), keras_home(), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs, ours = done.stdout.split()
    assert theirs == ours


@pytest.mark.parametrize(
    ("count", "text"),
    [(228_813_984, "229 MB"), (11_490_434, "11 MB"), (5_148, "0.01 MB"), (4_422_102, "4.4 MB")],
)
def test_sizes_are_read_at_a_glance(count, text):
    assert megabytes(count) == text


def test_the_checksum_is_sha256(stand_in):
    # Source: FIPS 180-2, appendix B.1.
    of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    file = replace(stand_in.offer("a.bin", b"abc"), sha256=of_abc)
    assert fetch(file).read_bytes() == b"abc"
