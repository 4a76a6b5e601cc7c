"""The XLSX form of a results file: written for one framework, read back to the same data as its YAML form."""

from prongsai.scoring.template.read import read_template
from prongsai.scoring.template.write import write_template

__all__ = ["read_template", "write_template"]
