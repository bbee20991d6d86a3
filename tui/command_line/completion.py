"""Shell completion: click's own, with the built-in tables, and a script that says where it goes."""

import os

import click
from click.shell_completion import CompletionItem, get_completion_class

from core.language import N_, _
from core.tables import BUILT_IN

HOW = {
    "bash": N_('put this line into ~/.bashrc:  eval "$(gradstep completion bash)"'),
    "zsh": N_('put this line into ~/.zshrc, below compinit:  eval "$(gradstep completion zsh)"'),
    "fish": N_("write it into a file:  gradstep completion fish > ~/.config/fish/completions/gradstep.fish"),
}

ENDINGS = (".csv", ".tsv", ".txt")


def script(command: click.Command, shell: str) -> str:
    """What makes the shell complete a command, with a comment on how to use it."""
    complete = get_completion_class(shell)
    assert complete is not None
    return f"# {_(HOW[shell])}\n{complete(command, {}, 'gradstep', '_GRADSTEP_COMPLETE').source().lstrip()}"


def tables(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The built-in tables and the CSV files beside them; where none of these begins so, any file."""
    built_in = [CompletionItem(name, help=_(about)) for name, about in BUILT_IN.items() if name.startswith(incomplete)]
    if not built_in:  # a shell lists files by itself only where it is given no words of ours
        return [CompletionItem(incomplete, type="file")]
    here = (name for name in sorted(os.listdir()) if name.lower().endswith(ENDINGS) and name.isprintable())
    return built_in + [CompletionItem(name) for name in here if name.startswith(incomplete)]
