"""A run as the program's text: a loop for every segment, and between them the lines that turn what was turned."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from core.language import _
from core.literals import makes_optimizer
from core.log import EpochLog
from core.program import Line, Method, Program
from core.statements import calls_in, facts_of, quiet_parse


class CannotExport(Exception):
    """The run can't be written in this format as it was; the message is one sentence that says why."""


@dataclass(frozen=True)
class Segment:
    """The epochs from `start` on and before `end`, which ran this program."""

    start: int
    end: int
    program: Program
    change: tuple[str, ...] = ()  # the lines before its loop
    loop: tuple[str, ...] = ()


def segments_of(log: EpochLog) -> list[Segment]:
    """The segments of a run that has begun, with its number of epochs in their texts; raises CannotExport."""
    if not len(log):
        raise CannotExport(_("nothing has run yet: torch is still loading"))
    found: list[Segment] = []
    ends = [*(start for start, _knobs in log.segments[1:]), len(log)]
    for (start, knobs), end in zip(log.segments, ends, strict=True):
        program = knobs.program.with_nb_epochs(len(log) - 1 - knobs.program.structure.beyond)
        if found and found[-1].program.text == program.text:
            start = found.pop().start
        found.append(Segment(start, end, program))
    return found


@dataclass(frozen=True)
class Script:
    """A run as lines: the set-up, the change and the loop of every segment, and what comes after them."""

    setup: tuple[str, ...]
    segments: tuple[Segment, ...]
    rest: tuple[str, ...]


def script_of(segments: list[Segment]) -> Script:
    """The script of a run. Raises CannotExport where the loop can't be written for each of several segments."""
    first, last = segments[0].program, segments[-1].program
    setup, rest = first.text_lines[: first.header.number - 1], last.text_lines[_loop(last).end_lineno or 0 :]
    names, written = _Names(first), list[Segment]()
    for segment in segments:
        change = names.turned(written[-1], segment) if written else ()
        loop = _loop_lines(segment, is_only=len(segments) == 1)
        written.append(Segment(segment.start, segment.end, segment.program, change, loop))
    return Script(setup, tuple(written), rest)


def script(log: EpochLog) -> Iterator[str]:
    """The run as a script: with one segment it is the program itself; raises CannotExport."""
    whole = script_of(segments_of(log))
    loops = (line for segment in whole.segments for line in (*segment.change, *segment.loop))
    yield from (f"{line}\n" for line in (*whole.setup, *loops, *whole.rest))


def _loop(program: Program) -> ast.For:
    loops = (node for node in quiet_parse(program.text).body if isinstance(node, ast.For))
    return next(loop for loop in loops if loop.lineno == program.header.number)


def _loop_lines(segment: Segment, is_only: bool) -> tuple[str, ...]:
    """The lines of a segment's loop; one of several counts its own epochs."""
    program, header, loop = segment.program, segment.program.header, _loop(segment.program)
    if is_only:
        return program.text_lines[header.number - 1 : loop.end_lineno]
    match loop.iter:
        case ast.Call(func=ast.Name("range"), args=[_]):
            begin = 0
        case ast.Call(func=ast.Name("range"), args=[ast.Constant(int(begin)), _]):
            pass
        case _:
            sentence = _("line {line} counts in no range: a run whose knobs were turned can't be written as a script")
            raise CannotExport(sentence.format(line=header.number))
    start = f"for {ast.unparse(loop.target)} in range({begin + segment.start}, {begin + segment.end}):"
    return start, *program.text_lines[header.end : loop.end_lineno]


class _Names:
    """What was last written for each name of the script's set-up, and the lr in it."""

    def __init__(self, program: Program) -> None:
        self._held = {_key(line): (line.text, program.lr) for line in program.setup}

    def turned(self, before: Segment, after: Segment) -> tuple[str, ...]:
        """The comment that says what is turned before a segment, and the lines that turn it."""
        program, changed = after.program, _bound(before.program) & _weights(after.program)
        lr = [f"lr {program.lr!r}"] if program.lr != before.program.lr else []
        turned = [*([program.method] if program.method is not before.program.method else []), *lr]
        lines = ["", f"# {_('epoch')} {after.start}: {', '.join(turned) or _('other lines')}"]
        if before.program.method is not program.method:
            lines += [f"{name}.requires_grad_({program.method is Method.OPTIM})" for name in program.parameters]
        for line in program.setup:
            reads = facts_of(quiet_parse(line.text).body[0]).reads
            text, held_lr = self._held.get(_key(line), ("", None))
            if line.name in _weights(program) or (text == line.text and not reads & changed):
                continue
            if not text or not any(map(makes_optimizer, calls_in([quiet_parse(line.text)]))):
                lines.append(line.text)
            elif held_lr and not reads & changed and text in (each.text for each in program.with_lr(held_lr).setup):
                lines.append(f'{line.name}.param_groups[0]["lr"] = {program.lr!r}')
            else:  # another optimizer that keeps what this one remembers
                memory = f'{line.name}.state_dict() | {{"state": memory}}'
                lines += [
                    f'memory = {line.name}.state_dict()["state"]',
                    line.text,
                    f"{line.name}.load_state_dict({memory})",
                ]
            changed.add(line.name)
            self._held[_key(line)] = line.text, program.lr
        return tuple(lines)


def _weights(program: Program) -> set[str]:
    """The names of what is learned: a module for its parameters."""
    return {name.partition(".")[0] for name in program.parameters}


def _bound(program: Program) -> set[str]:
    """The names that the loop gives a new value, W = W - lr * gradient: an optimizer doesn't know it."""
    statements = (quiet_parse(line.text).body[0] for line in program.lines)
    return {name for each in statements if isinstance(each, ast.Assign) for name in facts_of(each).binds}


def _key(line: Line) -> str:
    return line.name or line.text
