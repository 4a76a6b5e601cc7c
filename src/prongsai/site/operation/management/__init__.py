"""The command of a new installation."""
