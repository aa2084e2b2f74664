"""The one way an archive is packed: a zip whose every byte follows from its entries, so that none can change unseen."""

from __future__ import annotations

import errno
import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

CHUNK = 256 * 1024
ZIP64_FROM = 1024 * 1024 * 1024
MOST_ENTRIES = 20_000
_DAY = (1980, 1, 1, 0, 0, 0)
_ATTRIBUTES = 0o600 << 16
_UNIX = 3
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_SUSPICIOUS, _DENSE = 8 * 1024 * 1024, 300
"""An entry that unpacks into more bytes than this, so many times as many as it has, is not unpacked."""


_END_OF_FILE = "the end of the file"


class NotPacked(ValueError):
    """The file is no archive that could be read; says why."""


def purpose_of(name: str) -> str:
    """Returns what an entry is sealed for: the bytes of one open as no other's."""
    return f"archive {name}"


def info_of(name: str, *, sealed: bool) -> ZipInfo:
    """Returns how an entry of this name is packed: what is sealed cannot be made smaller and is stored."""
    info = ZipInfo(name, _DAY)
    info.compress_type = ZIP_STORED if sealed else ZIP_DEFLATED
    info.external_attr, info.create_system = _ATTRIBUTES, _UNIX
    return info


def open_zip(file: BinaryIO) -> ZipFile:
    """Opens a file for reading. Raises NotPacked when it is none, or was cut off."""
    file.seek(0)
    begins = file.read(4)
    try:
        packed = ZipFile(file)
    except (BadZipFile, ValueError, RuntimeError, OverflowError, struct.error, EOFError, OSError) as wrong:
        if isinstance(wrong, OSError) and wrong.errno != errno.EINVAL:  # a place before the beginning of the file
            raise
        if begins == b"PK\3\4":
            what = f"begins as an archive, and its end is missing or damaged: it was cut off or overwritten ({wrong})"
        else:
            what = "is not an archive: it does not begin as one" if begins else "is empty"
        raise NotPacked(what) from None
    if (names := len(packed.infolist())) > MOST_ENTRIES:
        raise NotPacked(f"holds {names} entries; an archive never has more than {MOST_ENTRIES}")
    if any(not 0 <= info.header_offset < packed.start_dir for info in packed.infolist()):
        raise NotPacked("begins as an archive, and its directory points outside of it: it was cut off or overwritten")
    return packed


def is_dense(info: ZipInfo) -> bool:
    """True for an entry made to fill a disk: it unpacks into very much more than it is."""
    return info.file_size > _SUSPICIOUS and info.file_size > _DENSE * max(info.compress_size, 1)


def unpacked(file: BinaryIO, info: ZipInfo) -> Iterator[bytes]:
    """Yields the bytes of an entry as they are, never more than it says it has. Raises NotPacked."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise NotPacked("is not where the directory of the file says")
    file.seek(info.header_offset + _LOCAL.size + sum(_LOCAL.unpack(head)[-2:]))
    if info.flag_bits & 1 or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise NotPacked("is packed in a way that archives are not")
    left = info.file_size
    for chunk in _raw(file, info):
        left -= len(chunk)
        if left < 0:
            raise NotPacked("unpacks into more than it says")
        yield chunk
    if left:
        raise NotPacked("unpacks into less than it says")


def _raw(file: BinaryIO, info: ZipInfo) -> Iterator[bytes]:
    inflating = zlib.decompressobj(-15) if info.compress_type == ZIP_DEFLATED else None
    left = info.compress_size
    while left > 0:
        position = file.tell()
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise NotPacked("ends too early: the file was cut")
        left -= len(chunk)
        if inflating is None:
            yield chunk
        else:
            yield from _inflated(inflating, chunk)
        file.seek(position + len(chunk))  # another entry may have been read meanwhile
    if inflating is not None and not inflating.eof:
        raise NotPacked("cannot be unpacked: its end is missing")


def _inflated(inflating: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    while chunk:
        try:
            yield inflating.decompress(chunk, CHUNK)
        except zlib.error:
            raise NotPacked("cannot be unpacked: it was damaged") from None
        if inflating.unused_data:
            raise NotPacked("has bytes behind its end")
        chunk = inflating.unconsumed_tail


def oddities(file: BinaryIO, packed: ZipFile) -> Iterator[tuple[str, str]]:
    """Yields where the packing is not as we write it, with the name of the entry, and what is odd there."""
    at, again = 0, ZipFile(_From(packed.start_dir), "w")
    for info in sorted(packed.infolist(), key=lambda one: one.header_offset):
        if info.header_offset != at:
            yield info.filename, "there are bytes before it that belong to no entry, or it overlaps the one before"
        copy = info_of(info.filename, sealed=info.compress_type == ZIP_STORED)
        copy.CRC, copy.compress_size, copy.file_size = info.CRC, info.compress_size, info.file_size
        header = _header(file, info, copy)
        if header is None:
            yield info.filename, "its own header and the directory of the file do not say the same of it"
            return
        at = info.header_offset + header + info.compress_size
        copy.header_offset = info.header_offset
        again.filelist.append(copy)
    if packed.start_dir != at:
        yield _END_OF_FILE, "there are bytes between the last entry and the directory"
    file.seek(packed.start_dir)
    if not _ends_with(file, again):
        yield _END_OF_FILE, "the directory of the file is not as archives have it, or something follows it"


def _header(file: BinaryIO, info: ZipInfo, copy: ZipInfo) -> int | None:
    """Returns how long the header before an entry is, None when it is not what we would have written there."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return None
    try:
        made = copy.FileHeader(zip64=bool(_LOCAL.unpack(head)[-1]))
    except (ValueError, struct.error):
        return None
    file.seek(info.header_offset)
    return len(made) if file.read(len(made)) == made else None


def _ends_with(file: BinaryIO, again: ZipFile) -> bool:
    """True when the rest of the file is the directory of these entries and nothing else."""
    target = again.fp
    try:
        again.close()
    except (ValueError, struct.error, UnicodeEncodeError):
        return False
    assert isinstance(target, _From)  # noqa: S101 - it was opened on one
    directory = target.getvalue()
    return file.read(len(directory) + 1) == directory


class _From(io.BytesIO):
    """A file in memory whose first byte stands at a place of another file."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def tell(self) -> int:
        return super().tell() + self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        return super().seek(offset - self._place if whence == 0 else offset, whence) + self._place
