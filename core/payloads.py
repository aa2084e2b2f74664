"""How values become payloads of the engine: JSON by pydantic, through one converter for the whole process.

The SDK makes a converter for every case and two for every workflow task, each of which learns all types anew; that
cost a tenth of a worker's time.
"""

from __future__ import annotations

from typing import Self

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter


class SharedConverter(PydanticPayloadConverter):
    """The one converter of this process; it holds nothing but what it learned about types."""

    _only: Self | None = None

    def __new__(cls) -> Self:
        """Returns the one there is."""
        if cls._only is None:
            only = super().__new__(cls)
            PydanticPayloadConverter.__init__(only)
            cls._only = only
        return cls._only

    def __init__(self) -> None:
        """Keeps what it has learned."""


data_converter = DataConverter(payload_converter_class=SharedConverter)
"""What every client, worker and replay uses."""
