"""The sealed history shown: its state for who runs the site, posted heads and how to check for everybody."""
