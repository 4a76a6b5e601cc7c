"""Results as plain JSON: a results file with its numbers as strings, so that nothing is rounded on the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from prongsai.scoring.results import Results, from_yaml
from prongsai.scoring.score import ScoreSheet, score
from prongsai.scoring.structure import Node, structure
from prongsai.yaml_file import Key, YamlFile


def plain(value: Any) -> Any:
    """Data of a results file with every number as a string; ``score`` reads it back to the same sheet."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def sheet_of_data(data: dict[str, Any], assume: list[str] | None = None, name: str = "results") -> ScoreSheet:
    """The scores of stored data. Raises ``InputError`` as reading a results file does."""
    return score(from_yaml(YamlFile(name, data)), assume=assume or [])


def place_of(results: Results, node: Node) -> Key | None:
    """Where a results file gives a node's score; None where it has no place (an indicator within one part)."""
    if node.kind == "overall":
        return ("scores", "overall")
    if node.kind in ("instrument", "part"):
        return ("scores", "instruments", node.id)
    if node.kind in ("item", "row"):
        parted = any(one.parts for one in results.framework.instruments if one.code == node.instrument)
        inner = (node.part or str(node.instrument),) if parted else ()
        return ("scores", "items", node.code, *inner)
    if node.part is not None:
        return None
    return ("scores", "indicators" if node.kind == "indicator" else "sub_indicators", node.id)


def put(data: dict[str, Any], key: Key, value: Any) -> None:
    """Set a value at a key; an empty one takes it away."""
    branch = data
    for part in key[:-1]:
        branch = branch.setdefault(part, {})
    if value in ("", None):
        branch.pop(key[-1], None)
    else:
        branch[key[-1]] = value


def data_of(results: Results) -> dict[str, Any]:
    """What was read from a report as the data of a results file; what has no place in one is kept as printed."""
    nodes = structure(results.framework).nodes
    printed: dict[str, list[str]] = {node: [f"{v:f}" for v in values] for node, values in results.printed.items()}
    data: dict[str, Any] = {
        "agency": plain(results.agency.model_dump(exclude_none=True)),
        "framework": results.framework.id,
    }
    if results.framework.fiscal_year is not None:
        data["fiscal_year"] = str(results.framework.fiscal_year)
    for name, value in results.given.items():
        key = place_of(results, nodes[name])
        if key is None:
            printed.setdefault(name, [f"{value:f}"])
        else:
            put(data, key, f"{value:f}")
    if results.level:
        put(data, ("scores", "level"), results.level)
    if results.respondents:
        data["respondents"] = {name: str(count) for name, count in results.respondents.items()}
    if printed:
        data["printed"] = printed
    if results.source:
        data["source"] = results.source
    return data
