"""What `aftercare up` shows: each part as it gets ready, then where to go and who can sign in."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.embedded.people import SignIn
from core.settings import Settings


class Progress:
    """Lines for people on standard output; a spinner where a terminal shows it."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._begun = time.monotonic()

    def line(self, text: str) -> None:
        """One line of news."""
        self.console.print(Text(text))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show that something is under way, and how long it took."""
        begun = time.monotonic()
        with self.console.status(Text(f"{name} ...")):
            yield
        self.line(f"  {name:<28} {time.monotonic() - begun:5.1f} s")

    def ready(self, settings: Settings, people: Sequence[SignIn], passwords_file: str) -> None:
        """Say where everything is and who can sign in.

        Args:
            settings: of the run.
            people: who was made at this start, with the first password; empty at later starts.
            passwords_file: where the first passwords are kept.
        """
        took = time.monotonic() - self._begun
        self.console.print()
        self.console.print(Text(f"Aftercare is ready after {took:.1f} s: {settings.public_url}", style="bold"))
        if settings.speed != 1:
            self.line(f"Its clock runs {settings.speed:g} times as fast as yours.")
        self.line(f"Workflows:  {settings.temporal_ui_url}  (engine at {settings.temporal_address})")
        self.line(f"State:      {settings.home}")
        if people:
            self.console.print()
            table = Table("sign in as", "password", "role", box=None, pad_edge=False, header_style="bold")
            for person in people:
                table.add_row(Text(person.user), Text(person.password), Text(", ".join(person.roles)))
            self.console.print(table)
            self.line(f"The passwords are kept in {passwords_file}; change them before anybody else uses this.")
        else:
            self.line(f"Sign in as made at the first start; the first passwords are in {passwords_file}")
        self.console.print()
        self.line("Ctrl-C stops all of it; the state stays.")
