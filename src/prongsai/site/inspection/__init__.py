"""OIT: an agency's evidence, its checks, what inspectors say of it, and the answer to that."""
