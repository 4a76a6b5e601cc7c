"""One collector per kind of thing that a report says; each reads a ``Reading``'s source and adds to it."""
