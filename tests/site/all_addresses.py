"""An address for every named pattern of the site, whatever its parameters: for what is decided before a view looks."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

_TRIED = {"int": ("1",), "slug": ("muang", "2568"), "str": ("muang", "x"), "path": ("x.csv",)}


def all_addresses(resolver: URLResolver | None = None) -> Iterator[tuple[str, str]]:
    """Name and address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from all_addresses(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            address = _address(pattern)
            if address:
                yield pattern.name, address


def _address(pattern: URLPattern) -> str:
    kinds = [type(one).__name__.removesuffix("Converter").lower() for one in pattern.pattern.converters.values()]
    for n in range(2):
        values = [_TRIED.get(kind, _TRIED["str"]) for kind in kinds]
        try:
            return reverse(pattern.name, args=[one[min(n, len(one) - 1)] for one in values])
        except NoReverseMatch:
            continue
    return ""
