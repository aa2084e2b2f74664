"""What a file is, told by its content: the name that someone gave it proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PIL import Image, UnidentifiedImageError

LONGEST_SIGNATURE = 64
_MOST_PIXELS = 120_000_000
_SMALL = 64


class FileKind(StrEnum):
    """Kinds of file with a size limit of their own."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True)
class FileType:
    """A type of file that we keep. `endings` are the names it may go by."""

    content_type: str
    kind: FileKind
    endings: tuple[str, ...]


_JPEG = FileType("image/jpeg", FileKind.PHOTO, ("jpg", "jpeg", "jpe", "jfif"))
_PNG = FileType("image/png", FileKind.PHOTO, ("png",))
_GIF = FileType("image/gif", FileKind.PHOTO, ("gif",))
_WEBP = FileType("image/webp", FileKind.PHOTO, ("webp",))
_PDF = FileType("application/pdf", FileKind.DOCUMENT, ("pdf",))
_MP4 = FileType("video/mp4", FileKind.VIDEO, ("mp4", "m4v"))
_QUICKTIME = FileType("video/quicktime", FileKind.VIDEO, ("mov", "qt"))
_3GP = FileType("video/3gpp", FileKind.VIDEO, ("3gp",))
_WEBM = FileType("video/webm", FileKind.VIDEO, ("webm", "mkv"))

TYPES = (_JPEG, _PNG, _GIF, _WEBP, _PDF, _MP4, _QUICKTIME, _3GP, _WEBM)
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_BRANDS = {b"qt  ": _QUICKTIME, b"3gp4": _3GP, b"3gp5": _3GP, b"3gp6": _3GP, b"3g2a": _3GP}
_VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"dash",
    b"hvc1",
)


def type_of(head: bytes) -> FileType | None:
    """Returns the type that the first bytes tell, None when it is none that we keep."""
    simple = (
        (b"\xff\xd8\xff", _JPEG),
        (b"\x89PNG\r\n\x1a\n", _PNG),
        (b"GIF87a", _GIF),
        (b"GIF89a", _GIF),
        (b"%PDF-", _PDF),
    )
    for signature, found in simple:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _WEBP
    if head[:4] == b"\x1aE\xdf\xa3":
        return _WEBM
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand) or (_MP4 if brand in _VIDEO_BRANDS else None)
    return None


def name_fits(file_name: str, found: FileType) -> bool:
    """False when the name claims another type than the content is; a name without ending claims nothing."""
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    claimed = [known for known in TYPES if ending in known.endings]
    return not claimed or found in claimed


def image_problem(path: Path, found: FileType) -> str | None:
    """Reads a whole image and returns what is wrong with it, None when it is one."""
    try:
        with Image.open(path, formats=(_FORMATS[found.content_type],)) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS:
                return f"the picture has {width} x {height} points, more than we show"
            if found is _PNG:
                image.verify()  # its own check sums tell, without the memory of all its points
            else:
                image.draft("RGB", (_SMALL, _SMALL))  # a JPEG is read to its end all the same
                image.load()
    except Image.DecompressionBombError:
        return "the picture has more points than we show"
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return "the file begins like a picture but is damaged or cut off; send it again, or export it anew"
    return None
