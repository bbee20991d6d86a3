"""From a session's file to all that a replay needs: what was done, and the table on which it is done again."""

from dataclasses import dataclass, replace

from core.beginning import program_for
from core.data import Dataset, standardized
from core.descent import Descent
from core.language import _, counted
from core.session.faults import Unopenable
from core.session.reading import read_session
from core.session.recipe import Session
from core.state import Knobs, State
from core.tables import open_table
from core.tape import Tape


@dataclass(frozen=True)
class Opened:
    """A session and its table as it is now."""

    session: Session
    data: Dataset
    note: str = ""
    """What has to be said of the table."""
    path: str = ""
    """The file that it comes from."""

    @property
    def start(self) -> Descent:
        """The run before its first epoch, with none of the lines that somebody has changed."""
        recipe = self.session.run
        knobs = recipe.turns[0].knobs(recipe.program)
        plain = replace(knobs, listing=knobs.listing.pristine)
        return Descent(plain, self.data, Tape(State(recipe.start)))


def open_session(path: str) -> Opened:
    """The session in a file, with its table. Nothing of it is run. Raises Unopenable."""
    session = read_session(path)
    try:
        return Opened(session, *table_of(session), path)
    except Unopenable as refusal:
        raise Unopenable(_("{path}: its table: {why}").format(path=path, why=refusal)) from None


def table_of(session: Session) -> tuple[Dataset, str]:
    """The table of a session as it is now, and what has to be said of it. Raises Unopenable."""
    source, table = session.table.source, session.table
    try:
        data = open_table(source.name, source.features, source.target)
    except ValueError as error:  # Unreadable
        raise Unopenable(str(error)) from None
    for recipe in session.recipes:
        listing = Knobs.of_lecture(recipe.program).listing
        weights, inputs = len(recipe.start), len(data.inputs)
        if recipe.program != program_for(inputs, listing.bias) or weights != len(listing.weight_names(inputs)):
            suits = counted(
                "{table} has {count} input, which does not suit a run of {program}.py with {weights} weights",
                "{table} has {count} inputs, which does not suit a run of {program}.py with {weights} weights",
                inputs,
            )
            raise Unopenable(suits.format(table=data.name, count=inputs, program=recipe.program, weights=weights))
    note = ""
    if table.fingerprint and table.fingerprint != data.fingerprint:
        note = _("{table} has other numbers than when this was saved: the epochs are other ones, too")
    return (standardized(data) if table.standardized else data), note.format(table=data.name)
