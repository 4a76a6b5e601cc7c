"""What makes a record tamper-evident: its canonical form, and its digest with personal parts salted."""
