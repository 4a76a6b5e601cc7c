"""The desk: what each person has to do now, and an agency's year at a glance."""
