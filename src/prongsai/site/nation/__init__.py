"""All agencies of a round at once: gathered, kept, shown to the assessor, published."""
