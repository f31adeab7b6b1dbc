"""Decoding of content encodings: gzip, deflate, Brotli and Zstandard."""

from __future__ import annotations

import zlib

_STEP = 1 << 16
"""Number of bytes that are decompressed at a time. A smaller number is slower; a larger one loses
more of the content before a damaged place."""

_ZSTD_WINDOW = 1 << 27
"""Maximum window of a Zstandard frame, in bytes: the most that its reference decoder accepts
without being asked to. A larger one lets a server decide how much memory is taken."""


class EncodingDamaged(ValueError):
    """Content that does not follow its encoding. `begun` is what was decoded before the fault."""

    def __init__(self, reason: str, begun: bytes = b"") -> None:
        super().__init__(reason)
        self.begun = begun


def decoded(data: bytes, encodings: str, limit: int) -> bytes:
    """Return `data` without its content encodings, at most `limit` + 1 bytes of it.

    encodings: the Content-Encoding header; the last one was applied last. Content that is declared
    as gzip but is not is returned unchanged, because many servers send it. Raises EncodingDamaged
    for damaged or cut-off content, and for unknown encodings.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    for name in reversed([name for name in names if name not in ("", "identity", "utf-8")]):
        data = _without(data, name, limit)
    return data[: limit + 1]


def _without(data: bytes, name: str, limit: int) -> bytes:
    if name in ("gzip", "x-gzip"):
        return _inflated(data, zlib.MAX_WBITS | 16, limit) if data.startswith(b"\x1f\x8b") else data
    if name == "deflate":
        # RFC 9110 means the zlib format, but many servers send a raw deflate stream.
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
    """Return the content before the damaged place."""
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

    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
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
