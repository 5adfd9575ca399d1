"""What a file is that could not be opened as a picture, told by its first bytes."""

_PICTURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)

_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "a PostScript drawing"),
    (b"\x00\x00\x01\x00", "a Windows icon"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
)

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


def describe(data: bytes, formats: str) -> str:
    """Say what an unreadable file seems to be and which formats work.

    Args:
        data: the file's bytes, at least one.
        formats: the formats that work, as words.

    Returns:
        A sentence for the person at the page.
    """
    picture = _picture_name(data)
    if picture is not None:
        return (
            f"The file begins as {picture} pictures do, but its header is damaged or states "
            f"a size of no pixels ({len(data):,} bytes arrived). Save it again as PNG or "
            "JPEG and try again."
        )
    return (
        f"The file is {_other_name(data)}, not a picture that can be read here. "
        f"Save or export it as {formats} and try again."
    )


def _picture_name(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS:
        return "AVIF"
    return next((name for start, name in _PICTURES if data.startswith(start)), None)


def _other_name(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return "a HEIC picture" if data[8:12] in _HEIC_BRANDS else "a video"
    for start, name in _OTHERS:
        if data.startswith(start):
            return name
    return _text_name(data) or f"of an unknown kind ({len(data):,} bytes)"


def _text_name(data: bytes) -> str | None:
    """SVG, HTML or plain text; None where the bytes are no text."""
    head = data[:4096]
    if b"\x00" in head:
        return None
    # 'ignore' forgives a character cut in half at the end of the head, nothing before it.
    text = head.decode("utf-8", errors="ignore")
    if len(text.encode()) < len(head) - 3:
        return None
    lowered = text.lower()
    if "<svg" in lowered:
        return "an SVG drawing"
    if "<html" in lowered or "<!doctype html" in lowered:
        return "a web page (HTML)"
    return "a text"
