"""Where tables in colour are printed: a Console of rich, whose output may be a pipe."""

from __future__ import annotations

from rich.console import Console


class Terminal(Console):
    """Leaves a pipe that was closed early to `commands.cli`, as all other output does; rich's own is exit code 1."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError again."""
        raise BrokenPipeError


def terminal() -> Terminal:
    """Standard output, lines as long as they are."""
    return Terminal(highlight=False, soft_wrap=True)
