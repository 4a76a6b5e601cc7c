"""What keeps a request from going on, as a kind page: a title and a sentence of ``survey.words``, and a status."""

from __future__ import annotations

import datetime as dt


class Refusal(Exception):
    """``name``: the words ``NAME_title`` and ``NAME``. ``values`` fill the sentence. Never carries what was sent."""

    def __init__(
        self, name: str, status: int, language: str = "", *, opens: dt.date | None = None, **values: object
    ) -> None:
        super().__init__(name)
        self.name, self.status, self.language, self.opens, self.values = name, status, language, opens, values

    @property
    def title(self) -> str:
        """The key of its title: an answer that is no option is a form that cannot be read."""
        return "broken_title" if self.name == "option" else f"{self.name}_title"
