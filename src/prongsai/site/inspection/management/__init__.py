"""Commands of reminders and jobs."""
