"""Every agency at once: read a nation's folder, count it on any engine, score it exactly."""
