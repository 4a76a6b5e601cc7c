"""Document kinds: one module each with ``build(request) -> Document``."""
