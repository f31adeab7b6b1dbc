"""What a server compressed for the way, as it was before: gzip, deflate, Brotli and Zstandard."""

from __future__ import annotations

import zlib

_STEP = 1 << 16


class EncodingDamaged(ValueError):
    """Content that is not what its encoding says; `begun` is what could be read of it."""

    def __init__(self, reason: str, begun: bytes = b"") -> None:
        super().__init__(reason)
        self.begun = begun


def decoded(data: bytes, encodings: str, limit: int) -> bytes:
    """`data` without its content encodings, of which the last was applied last; at most `limit`
    bytes and one more.

    Content that is called gzip and does not begin so is taken as it is, for so many servers do.
    Raises EncodingDamaged for what is damaged or cut off.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    for name in reversed([name for name in names if name not in ("", "identity", "utf-8")]):
        data = _without(data, name, limit)
    return data[: limit + 1]


def _without(data: bytes, name: str, limit: int) -> bytes:
    if name in ("gzip", "x-gzip"):
        return _inflated(data, zlib.MAX_WBITS | 16, limit) if data.startswith(b"\x1f\x8b") else data
    if name == "deflate":
        # The standard says zlib; half of the servers mean the bare stream.
        zlib_header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
        return _inflated(data, zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS, limit)
    if name == "br":
        return _unbrotlied(data, limit)
    if name == "zstd":
        return _unzstandard(data, limit)
    raise EncodingDamaged(f"the content encoding {name[:40]!r} is not known")


def _inflated(data: bytes, window: int, limit: int) -> bytes:
    decompressor = zlib.decompressobj(window)
    try:
        found = decompressor.decompress(data, limit + 1)
    except zlib.error as error:
        raise EncodingDamaged(f"damaged ({error})", _as_far(data, window, limit)) from error
    if not decompressor.eof and len(found) <= limit:
        raise EncodingDamaged("truncated", found)
    return found


def _as_far(data: bytes, window: int, limit: int) -> bytes:
    """What comes before the damage."""
    decompressor = zlib.decompressobj(window)
    found = b""
    for at in range(0, len(data), _STEP):
        try:
            found += decompressor.decompress(data[at : at + _STEP], limit + 1 - len(found))
        except zlib.error:
            break
        if len(found) > limit:
            break
    return found


def _unbrotlied(data: bytes, limit: int) -> bytes:
    import brotli

    decompressor = brotli.Decompressor()
    found: list[bytes] = []
    size = 0
    try:
        found.append(decompressor.process(data, output_buffer_limit=limit + 1))
        size = len(found[0])
        while not decompressor.can_accept_more_data() and size <= limit:
            found.append(decompressor.process(b"", output_buffer_limit=limit + 1 - size))
            size += len(found[-1])
    except brotli.error as error:
        raise EncodingDamaged(f"brotli: {error}", b"".join(found)) from error
    if size <= limit and not decompressor.is_finished():
        raise EncodingDamaged("truncated", b"".join(found))
    return b"".join(found)


def _unzstandard(data: bytes, limit: int) -> bytes:
    import zstandard

    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    found = b""
    try:
        size = zstandard.frame_content_size(data) if data else 0
        with decompressor.stream_reader(data, read_across_frames=True) as stream:
            while len(found) <= limit and (more := stream.read(min(_STEP, limit + 1 - len(found)))):
                found += more
    except zstandard.ZstdError as error:
        raise EncodingDamaged(f"zstandard: {error}", found) from error
    if len(found) < min(size, limit + 1):
        raise EncodingDamaged("truncated", found)
    return found
