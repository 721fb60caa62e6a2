"""Whether what sqlite left beside a journal is what it wrote: the header of a ``-wal``, by sqlite's file format."""

import struct
from pathlib import Path
from typing import Final

__all__ = ["has_sound_wal"]

_HEADER: Final = 32


def has_sound_wal(path: str) -> bool:
    """Whether there is no ``-wal`` beside *path*, or it is one.

    sqlite takes one with a damaged header for empty, and so its entries for never written. The header is on the
    disk before the first entry is, so a power cut does not explain a longer file without it. Damage further
    on looks like a write that a power cut ended, and is not told here.
    """
    # Twice, since another run may be writing that very header.
    return any(_is_sound(Path(f"{path}-wal")) for _ in range(2))


def _is_sound(wal: Path) -> bool:
    try:
        with wal.open("rb") as file:
            header, beyond = file.read(_HEADER), file.read(1)
    except FileNotFoundError:
        return True
    if not beyond:
        return True
    words = struct.unpack(">6I" if header[3] & 1 else "<6I", header[:24])
    first = second = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):  # sqlite's own checksum
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return header[:3] == b"\x37\x7f\x06" and struct.unpack(">2I", header[24:]) == (first, second)
