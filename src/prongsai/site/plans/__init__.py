"""Plans of measures, their units and dates, and what was done."""
