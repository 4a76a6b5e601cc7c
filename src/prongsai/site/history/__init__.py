"""Actions and the log they write: every change of state is one, and reads as a sentence."""
