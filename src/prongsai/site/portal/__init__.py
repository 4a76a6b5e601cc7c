"""The public pages: no login, made from what is published alone."""
