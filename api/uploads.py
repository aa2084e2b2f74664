"""Reading one file of a multipart body as a stream: nothing is collected that the limits would refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.problems import BadRequest, InvalidFields, UnsupportedMediaType

_DRAIN = 64 * 1024 * 1024


@dataclass
class _Part:
    """What the parser has told since it was last asked."""

    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    disposition: bytes = b""
    is_file: bool = False
    found: bool = False
    ended: bool = False
    name: str = ""
    data: list[bytes] = field(default_factory=list)

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def on_header_end(self) -> None:
        if bytes(self.header).lower() == b"content-disposition":
            self.disposition = bytes(self.value)
        self.header.clear()
        self.value.clear()

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self.disposition)
        self.is_file = not self.found and options.get(b"name") == b"file" and b"filename" in options
        if self.is_file:
            self.found = True
            self.name = options[b"filename"].decode("utf-8", "replace")
        self.disposition = b""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self.is_file:
            self.data.append(bytes(data[start:end]))

    def on_part_end(self) -> None:
        self.ended = self.ended or self.is_file
        self.is_file = False


class Upload:
    """The file of a multipart request: `name` is known once `begin` returned, then `chunks` gives its bytes."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._part = _Part()
        self._stream = request.stream()
        kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1"))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
            raise UnsupportedMediaType("send the file as multipart/form-data in the field “file”")
        part = self._part
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": part.on_header_field,
                "on_header_value": part.on_header_value,
                "on_header_end": part.on_header_end,
                "on_headers_finished": part.on_headers_finished,
                "on_part_data": part.on_part_data,
                "on_part_end": part.on_part_end,
            },
        )

    async def _more(self) -> bool:
        async for chunk in self._stream:
            if not chunk:
                continue
            try:
                self._parser.write(chunk)
            except FormParserError:
                raise BadRequest("the body is not multipart/form-data as its boundary says") from None
            return True
        return False

    async def begin(self) -> str:
        """Reads up to the file and returns its name. Raises InvalidFields when the body has no file."""
        while not self._part.found:
            if not await self._more():
                raise InvalidFields.at("file", "is needed: one file in the multipart field “file”")
        return self._part.name

    async def chunks(self) -> AsyncIterator[bytes]:
        """Gives the file's bytes as they come. Raises BadRequest when the body ends within the file."""
        while True:
            ready, self._part.data = self._part.data, []
            for chunk in ready:
                yield chunk
            if self._part.ended:
                return
            if not await self._more():
                raise BadRequest("the upload ended before the file was complete; send it again")

    async def drain(self) -> None:
        """Reads on after a refusal for a while: a client that is still sending could not read the answer otherwise."""
        left = _DRAIN
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                return
