"""Small files in the forms in which the well-known data sets are published."""

import gzip
import io
import struct
import tarfile

import numpy as np
import PIL.Image

DRAW = np.random.default_rng(5)


def mnist_npz(count: int = 12, tests: int = 4) -> bytes:
    file = io.BytesIO()
    np.savez(
        file,
        x_train=DRAW.integers(0, 256, (count, 28, 28), dtype=np.uint8),
        y_train=DRAW.integers(0, 10, count, dtype=np.uint8),
        x_test=DRAW.integers(0, 256, (tests, 28, 28), dtype=np.uint8),
        y_test=DRAW.integers(0, 10, tests, dtype=np.uint8),
    )
    return file.getvalue()


def idx(values: np.ndarray) -> bytes:
    """Magic number (0, 0, 8 for unsigned bytes, number of axes), lengths, values."""
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return gzip.compress(head + values.tobytes())


def fashion_files(count: int = 12, tests: int = 4) -> dict[str, bytes]:
    files = {}
    for name, n in (("train", count), ("t10k", tests)):
        files[f"{name}-labels-idx1-ubyte.gz"] = idx(DRAW.integers(0, 10, n, dtype=np.uint8))
        pictures = DRAW.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        files[f"{name}-images-idx3-ubyte.gz"] = idx(pictures)
    return files


def cifar_batch(data: np.ndarray, labels: list[int], array_module: bytes = b"") -> bytes:
    """A batch as Python 2's cPickle wrote it (protocol 2, byte strings).

    Written opcode by opcode, since Python 3 writes byte strings another way.
    """
    short = lambda text: b"U" + bytes([len(text)]) + text  # noqa: E731
    number = lambda n: b"J" + struct.pack("<i", n)  # noqa: E731
    raw = data.astype(np.uint8).tobytes()
    module = array_module or b"numpy.core.multiarray\n_reconstruct\n"
    array = (
        b"c" + module + b"cnumpy\nndarray\n" + b"K\x00\x85" + short(b"b") + b"\x87R"
        + b"(K\x01" + number(data.shape[0]) + number(data.shape[1]) + b"\x86"
        + b"cnumpy\ndtype\n" + short(b"u1") + b"K\x00K\x01\x87R"
        + b"(K\x03" + short(b"|") + b"NNN" + number(-1) + number(-1) + b"K\x00tb"
        + b"\x89" + b"T" + struct.pack("<i", len(raw)) + raw + b"tb"
    )  # fmt: skip
    listed = b"]q\x05(" + b"".join(b"K" + bytes([n]) for n in labels) + b"e"
    return (
        b"\x80\x02}q\x01(" + short(b"batch_label") + short(b"training batch 1 of 5")
        + short(b"labels") + listed + short(b"data") + array
        + short(b"filenames") + b"](" + b"".join(short(b"a.png") for _ in labels) + b"eu."
    )  # fmt: skip


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def cifar_archive(a_batch: int = 4) -> bytes:
    names = [f"data_batch_{n}" for n in range(1, 6)] + ["test_batch"]
    files = {"cifar-10-batches-py/readme.html": b"<html>"}
    for name in names:
        rows = np.zeros((a_batch, 3072), np.uint8)
        # A few values only, so that packing many pictures takes no time.
        rows[:, ::97] = DRAW.integers(0, 256, rows[:, ::97].shape, dtype=np.uint8)
        labels = DRAW.integers(0, 10, a_batch).tolist()
        files[f"cifar-10-batches-py/{name}"] = cifar_batch(rows, labels)
    return archive(files)


def photo(height: int, width: int, colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (width, height), colour).save(file, "JPEG", quality=95)
    return file.getvalue()


def flower_archive() -> bytes:
    return archive(
        {
            "flower_photos/LICENSE.txt": b"CC BY 2.0",
            "flower_photos/roses/b.jpg": photo(40, 60, (200, 0, 0)),
            "flower_photos/roses/a.jpg": photo(60, 40, (250, 0, 0)),
            "flower_photos/daisy/z.jpg": photo(50, 50, (240, 240, 240)),
            "flower_photos/daisy/.z.jpg.txt": b"no photo",
        }
    )
