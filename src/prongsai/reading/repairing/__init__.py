"""The parts of repair: candidates for each print, the equations that bind them, the exact search, what is said."""
