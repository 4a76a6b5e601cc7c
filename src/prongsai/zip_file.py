"""What Python's ``zipfile`` raises of an archive that is broken, cut, encrypted or none: all of it, in one place.

The documentation names one exception; a changed byte brings out a dozen, from the modules that unpack and from places
in the file that lie before its beginning.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,  # encrypted
    EOFError,
    OSError,
    ValueError,  # also names that are no text
    OverflowError,
    IndexError,
)
