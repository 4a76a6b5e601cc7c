"""The tree of commands; each is loaded only when it is used."""

from __future__ import annotations

from cyclopts import App, Group, Parameter

from prongsai import __version__
from prongsai.cli.front_page import ABOUT, COMMANDS, OPTIONS
from prongsai.cli.help_page import HelpPage


def group(name: str, about: str, usage: str | None = None) -> App:
    """A command that holds commands, with the Thai headings of all help pages."""
    return App(
        name=name,
        help=about,
        usage=usage,
        group_commands=Group("คำสั่ง (Commands)"),
        group_parameters=Group("ตัวเลือก (Options)"),
        group_arguments=Group("สิ่งที่ต้องระบุ (Arguments)"),
    )


def build() -> App:
    """The command tree, with nothing below it loaded yet."""
    app = group("prongsai", ABOUT)
    app.help_format = "plaintext"
    app.help_formatter = HelpPage()
    app.version = __version__
    app.version_format = "plaintext"
    app.default_parameter = Parameter(negative=())
    # What goes wrong is said in Thai by main, not by the library.
    app.print_error = app.exit_on_error = app.suppress_keyboard_interrupt = False
    app.result_action = ("return_value",)
    for order, (name, place, sentence) in enumerate(COMMANDS):
        app.command(f"prongsai.cli.{place}", name=name, help=sentence, sort_key=order)
    sentences = dict(OPTIONS)
    app["--help"].help = "แสดงวิธีใช้ (help)"
    app["--version"].help = sentences["--version"]
    app.register_install_completion_command(help=sentences["--install-completion"])
    return app
