"""Which keys are there, what does each do, and where? The table behind bindings, footer, help, palette."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """The headings of the help."""

    ACT = "Act on the handoff"
    LOOK = "Look closer"
    MOVE = "Move"
    PLACES = "Places"


class Place(StrEnum):
    """The screens that a key can be meant for."""

    BOARD = "board"
    WALL = "health wall"
    STACKS = "stacks"


EVERYWHERE = frozenset(Place)
ROWS = frozenset({Place.BOARD, Place.WALL})
SLICES = frozenset({Place.BOARD, Place.STACKS})


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `keys` are Textual's names, the first is the one shown as `face`.

    `needs_row` keys are disabled while no row is selected, and keys outside their `places`
    say where they work. `act` names the Plan of a key that changes something. `footer` is the rank
    in the footer, 0 for keys that only the help shows; `shown` the places whose footer has it.
    """

    id: str
    keys: str
    face: str
    label: str
    tooltip: str
    group: Group
    needs_row: bool = False
    places: frozenset[Place] = EVERYWHERE
    act: str | None = None
    footer: int = 0
    shown: frozenset[Place] = EVERYWHERE


def _act(key: str, action: str, tooltip: str, footer: int = 0, label: str | None = None) -> Key:
    return Key(action, key, key, label or action, tooltip, Group.ACT, True, ROWS, action, footer)


KEYS: tuple[Key, ...] = (
    _act("s", "scaffold", "generate the service of an agreed RPT", 1),
    _act("t", "test", "run the service's tests in its own environment", 2),
    _act("d", "deploy", "deploy the service to the environment shown", 3),
    _act("v", "validate", "validate the code and the endpoint against the contract", 4),
    _act("R", "rollback", "go back to the release before", label="roll back"),
    Key("probe", "p", "p", "probe", "probe this endpoint now", Group.ACT, True, ROWS, None, 5),
    Key("seen", "m", "m", "mark seen", "quiet this row until it changes", Group.ACT, True, ROWS),
    Key(
        "open",
        "o",
        "o",
        "open",
        "open the evidence: editor, or browser on Health and on a slice",
        Group.LOOK,
        True,
        EVERYWHERE,
        None,
        6,
    ),
    Key(
        "detail",
        "enter",
        "enter",
        "detail",
        "the whole detail; esc goes back",
        Group.LOOK,
        True,
        ROWS,
        None,
        7,
    ),
    Key("logs", "l", "l", "logs", "the log of the running service", Group.LOOK, True, ROWS),
    Key(
        "copy",
        "y",
        "y",
        "copy",
        "copy the next command; in the detail, the finding; of a slice, its stack as links",
        Group.LOOK,
        True,
        footer=6,
        shown=frozenset({Place.STACKS}),
    ),
    Key(
        "checkout",
        "c",
        "c",
        "check out",
        "check out the slice under the cursor in a worktree of its own",
        Group.ACT,
        True,
        SLICES,
        None,
        2,
        frozenset({Place.STACKS}),
    ),
    Key(
        "mine",
        "w",
        "w",
        "waiting for me",
        "only the stacks that wait for me, or all of them",
        Group.LOOK,
        False,
        frozenset({Place.STACKS}),
        None,
        1,
    ),
    Key(
        "filter", "slash", "/", "filter", "keep some rows: health:down owner:mira text", Group.LOOK, footer=8
    ),
    Key(
        "palette",
        "colon,ctrl+p",
        ":",
        "command",
        "every command by name, every RPT by title",
        Group.PLACES,
        footer=9,
    ),
    Key(
        "help",
        "question_mark,f1",
        "?",
        "help",
        "keys, signs and the filter's grammar",
        Group.PLACES,
        footer=10,
    ),
    Key("refresh", "r", "r", "refresh", "read documents, git and services again", Group.LOOK),
    Key("env", "e", "e", "environment", "show another environment", Group.PLACES),
    Key("board", "b", "b", "board", "back to the board", Group.PLACES),
    Key("wall", "h", "h", "health wall", "every endpoint, worst first", Group.PLACES),
    Key("stacks", "S", "S", "stacks", "all stacks of branches", Group.PLACES),
    Key("back", "escape", "esc", "back", "close, clear or leave, one step", Group.PLACES),
    Key("quit", "q", "q", "quit", "leave; running actions are asked about first", Group.PLACES),
)

KEY: dict[str, Key] = {key.id: key for key in KEYS}

# Keys that widgets bind themselves; here for the help.
MOVES: tuple[tuple[str, str], ...] = (
    ("j k ↓ ↑", "one row"),
    ("ctrl+d ctrl+u", "one page, also page down and page up"),
    ("g G", "first and last, also home and end"),
    ("1–7", "the tabs of the detail"),
    ("tab", "between list and detail"),
)


class Tab(StrEnum):
    """The tabs of the detail, in the order of the keys 1 to 7."""

    OVERVIEW = "Overview"
    CONTRACT = "Contract"
    STACK = "Stack"
    HEALTH = "Health"
    ANATOMY = "Anatomy"
    PERSISTENCE = "Persistence"
    RUNS = "Runs"


TABS: tuple[Tab, ...] = tuple(Tab)
