"""What a score sheet says: findings, causes and advice, trend, uncertainty, and what may be shown."""
