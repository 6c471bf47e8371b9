"""The command line: every command by name, loaded when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches

from cyclopts import App, CycloptsError

from holdfast import __version__
from holdfast.cli import words
from holdfast.cli.exits import DONE, FAILED, WRONG_USAGE, Failed
from holdfast.cli.say import clean, tell

# In the order of `holdfast --help`: what is done under stress comes first.
COMMANDS = {
    "up": "up:up",
    "ack": "alerts:ack",
    "unack": "alerts:unack",
    "page": "alerts:page",
    "alerts": "alerts:app",
    "declare": "incidents:declare",
    "incidents": "incidents:incidents",
    "incident": "incidents:app",
    "role": "command:role",
    "handoff": "command:handoff",
    "summon": "command:summon",
    "note": "note:note",
    "update": "telling:update",
    "ask": "telling:ask",
    "oncall": "oncall:oncall",
    "rehearse": "rehearse:rehearse",
    "plan": "configuration:plan",
    "apply": "configuration:apply",
    "export": "configuration:export",
    "token": "tokens:app",
    "sign-in-link": "tokens:sign_in_link",
    "practice": "practice:app",
    "guardrails": "guardrails:app",
    "verify": "operate:verify",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "release": "operate:release",
    "settings": "operate:settings",
}

app = App(name="holdfast", help=words.HOLDFAST, version=__version__, help_format="plaintext")
for _place, (_name, _target) in enumerate(COMMANDS.items()):
    # Named by a string, a module is loaded when its command is called: --help stays fast.
    app.command(
        f"holdfast.cli.commands.{_target}",
        name=_name,
        help=words.HELP[_name],
        sort_key=_place,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code (exits.py)."""
    tokens = list(sys.argv[1:] if arguments is None else arguments)
    if tokens and not tokens[0].startswith("-") and tokens[0] not in COMMANDS:
        # The framework would load every command before it says so.
        tell(words.NO_SUCH_COMMAND.format(name=clean(tokens[0])))
        tell(_nearest(tokens[0]))
        return WRONG_USAGE
    try:
        result = app(tokens, result_action="return_value", exit_on_error=False, print_error=False)
    except CycloptsError as error:
        tell(str(error))
        tell(words.SEE_HELP)
        return WRONG_USAGE
    except Failed as failure:
        _explain(failure)
        return failure.code
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        # Whoever reads has seen enough, as `head` does; the exit must not complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return result if isinstance(result, int) else DONE


def _nearest(name: str) -> str:
    near = get_close_matches(name, COMMANDS, n=1)
    return words.DID_YOU_MEAN.format(name=near[0]) if near else words.SEE_HELP


def _explain(failure: Failed) -> None:
    for line in (*failure.lines, failure.detail, failure.remedy or ""):
        if line:
            tell(clean(line))
    if failure.help_at:
        tell(f"More: {clean(failure.help_at)}")
