"""How measures stand in print: tables by their column heads, labelled text, lists, units and periods."""
