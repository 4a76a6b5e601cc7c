"""Thai digits, dates, fiscal years, item codes and text: what every other room reads and writes with."""
