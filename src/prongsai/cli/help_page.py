"""How a help page looks: Thai headings, two columns, no box, so that it reads well everywhere and loads fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

_WIDEST = 30


class HelpPage:
    """A help formatter for Cyclopts."""

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:  # noqa: ARG002
        """The line that shows how to type the command."""
        if usage:
            _print(console, f"วิธีใช้ (Usage): {str(usage).removeprefix('Usage:').strip()}\n")

    def render_description(self, console: Console, options: ConsoleOptions, description: Any) -> None:  # noqa: ARG002
        """What the command does."""
        if description:
            _print(console, f"{_text(description)}\n")

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:  # noqa: ARG002
        """One group of commands, options or arguments."""
        from rich.cells import cell_len

        if not panel.entries:
            return
        rows = [(_names(entry), _about(entry)) for entry in panel.entries]
        width = min(max(cell_len(name) for name, _ in rows), _WIDEST)
        _print(console, f"{_text(panel.title)}:")
        for name, about in rows:
            gap = f"\n  {' ' * width}" if cell_len(name) > width else " " * (width - cell_len(name))
            _print(console, f"  {name}{gap}  {about}".rstrip())
        _print(console, "")


def _names(entry: HelpEntry) -> str:
    if entry.positional_label:
        return entry.positional_label
    names = ", ".join([*entry.positive_shorts, *entry.positive_names])
    return f"{names} {entry.metavar}" if entry.metavar else names


def _about(entry: HelpEntry) -> str:
    parts = [_text(entry.description)]
    if entry.choices:
        parts.append(f"[{' | '.join(entry.choices)}]")
    if entry.default and entry.default != "False":
        parts.append(f"[ปกติ: {entry.default}]")
    if entry.required:
        parts.append("[ต้องระบุ]")
    return " ".join(part for part in parts if part)


def _text(value: Any) -> str:
    if value is None:
        return ""
    plain = getattr(value, "plain", None)
    if plain is None and hasattr(value, "primary_renderable"):
        plain = getattr(value.primary_renderable, "plain", str(value.primary_renderable))
    return str(plain if plain is not None else value).strip()


def _print(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
