"""What every page says: the names of places and keys, and how times and lengths are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.web.layout.views import Mode

PRODUCT = "Holdfast"
SKIP = "Skip to content"
FIND = "Find or do"
FIND_HINT = "Type a command, person, service or schedule"

# (address, icon, name, which count of the shell stands beside it, shown on the phone's tab bar)
PLACES = (
    ("/", "activity", "Now", "pages_count", True),
    ("/incidents", "siren", "Incidents", "incidents_count", True),
    ("/alerts", "bell", "Alerts", "alerts_count", True),
    ("/schedules", "calendar-clock", "On call", None, True),
    ("/services", "boxes", "Services", None, False),
    ("/people", "users", "People", None, False),
    ("/settings", "settings", "Settings", None, False),
)

# Addresses that belong to a place with another name.
ROOMS: Mapping[str, str] = {"/policies": "/services", "/teams": "/people", "/practice": "/settings"}

STRIPS: Mapping[Mode, str] = {
    Mode.REHEARSAL: "REHEARSAL. The clock moves only when told. Nothing leaves this machine.",
    Mode.DEMO: "DEMO. The people and alerts are made up, and nothing is sent to anybody.",
    Mode.ON_HOLD: "ON HOLD. Restored from a backup; nobody is paged until you release it.",
}

# (group, text, keys, icon, what it does). `go:` opens an address, `do:` is a function of app.js.
COMMANDS = (
    ("Go to", "Now", "G N", "activity", "go:/"),
    ("Go to", "Incidents", "G I", "siren", "go:/incidents"),
    ("Go to", "Alerts", "G A", "bell", "go:/alerts"),
    ("Go to", "On call", "G S", "calendar-clock", "go:/schedules"),
    ("Go to", "Services", "G V", "boxes", "go:/services"),
    ("Go to", "People", "G P", "users", "go:/people"),
    ("Go to", "Settings", "G T", "settings", "go:/settings"),
    ("Go to", "Practice", "", "book-open", "go:/practice"),
    ("Go to", "How I am reached", "G M", "smartphone", "go:/me"),
    ("Do", "Declare an incident", "C", "siren", "go:/incidents/declare"),
    ("Do", "Declare a drill", "", "graduation-cap", "go:/incidents/declare?kind=drill"),
    ("Do", "Get a test page", "", "timer", "go:/setup"),
    ("Do", "Who is on call now?", "", "calendar-clock", "go:/schedules"),
    ("View", "Theme: dark", "", "moon", "do:theme dark"),
    ("View", "Theme: light", "", "sun", "do:theme light"),
    ("View", "Theme: night, for 3 in the morning", "", "moon-star", "do:theme night"),
    ("View", "Theme: as my system has it", "", "sunrise", "do:theme system"),
    ("View", "Keyboard shortcuts", "?", "life-buoy", "do:help"),
)

SHORTCUTS = (
    ("Anywhere", (
        ("Ctrl K", "Find or do"), ("?", "This list"), ("C", "Declare an incident"),
        ("G N", "Go to Now"), ("G I", "Go to Incidents"), ("G A", "Go to Alerts"),
        ("G S", "Go to On call"), ("G V", "Go to Services"),
        ("G P", "Go to People"), ("G T", "Go to Settings"), ("G M", "How I am reached"),
    )),
    ("In a list", (
        ("J", "Next"), ("K", "Previous"), ("Enter", "Open"), ("A", "Acknowledge"),
        ("R", "Resolve"), ("/", "Search"),
    )),
    ("In an incident", (
        ("U", "Post update"), ("S", "Severity"), ("R", "Roles"), ("P", "Page someone"),
        ("D", "Decision"), ("T", "Task"), ("E", "Edit what we know"), ("J", "Next entry"),
        ("K", "Previous entry"),
    )),
    ("On a schedule", (
        ("O", "Override"), ("[", "Earlier"), ("]", "Later"), ("T", "Today"),
    )),
)  # fmt: skip

# What app.js says by itself; it finds them in the page, so it holds no sentence of its own.
SCRIPT: Mapping[str, str] = {
    "live": "Live",
    "connecting": "Connecting",
    "lost": "Not live. This page is from {time}.",
    "signed_out": "You are signed out. Load the page again to sign in.",
    "offline": "No connection. Nothing was sent. Try again when it is back.",
    "failed": "That did not work. Loading the page shows why.",
    "copied": "Copied",
    "copy_by_hand": "The browser did not let us copy. Select the text and copy it yourself.",
    "nothing_found": "Nothing found",
    "new_one": "1 change, show it",
    "new_many": "{count} changes, show them",
    "announce": "{count} new in the list",
    "acknowledged": "Acknowledged. Paging stopped.",
    "seconds_ago": "{n} s ago",
    "minutes_ago": "{n} min ago",
    "hours_ago": "{h} h ago",
    "hours_minutes_ago": "{h} h {m} min ago",
}

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_LONG = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MINUTE, HOUR, DAY = 60, 3600, 86_400


def clock_time(at: datetime, zone: ZoneInfo) -> str:
    """`03:02`"""
    return f"{at.astimezone(zone):%H:%M}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """`Thu 22 Oct`"""
    local = at.astimezone(zone)
    return f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def long_day(at: datetime, zone: ZoneInfo) -> str:
    """`Thursday 22 October`"""
    local = at.astimezone(zone)
    return f"{_WEEKDAYS_LONG[local.weekday()]} {local.day} {_MONTHS_LONG[local.month - 1]}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """As short as it can be without being unclear: the time today, else the day as well."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return clock_time(at, zone)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{day(at, zone)}{year} {clock_time(at, zone)}"


def full_moment(at: datetime, zone: ZoneInfo) -> str:
    """What a tooltip says: the whole date, the zone by name, and UTC."""
    local = at.astimezone(zone)
    utc = at.astimezone(ZoneInfo("UTC"))
    return f"{day(at, zone)} {local.year} {local:%H:%M:%S} {zone.key} · {utc:%H:%M:%S} UTC"


def age(seconds: float) -> str:
    """How long ago, below a day; the caller gives the date beyond that."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole} s ago"
    if whole < HOUR:
        return f"{whole // MINUTE} min ago"
    return f"{_two(f'{whole // HOUR} h', whole % HOUR // MINUTE, 'min')} ago"


def length(span: timedelta) -> str:
    """`45 s`, `5 min`, `4 h 30 min`, `2 days`, `2 days 3 h`"""
    seconds = abs(int(span.total_seconds()))
    if seconds < 2 * MINUTE:
        return f"{seconds} s" if seconds % MINUTE else count(seconds // MINUTE, "min", "min")
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        return _two(f"{seconds // HOUR} h", seconds % HOUR // MINUTE, "min")
    return _two(count(seconds // DAY, "day", "days"), seconds % DAY // HOUR, "h")


def stopwatch(seconds: float) -> str:
    """`4:08`, `1:04:08`, and with a minus sign when it is past its time."""
    whole = abs(int(seconds))
    hours, rest = divmod(whole, HOUR)
    minutes, left = divmod(rest, MINUTE)
    sign = "−" if seconds < 0 and whole else ""
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def count(number: int, one: str, many: str) -> str:
    """`1 alert`, `2 alerts`, `12 345 alerts`"""
    figure = f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{figure} {one if number == 1 else many}"


def listing(words: tuple[str, ...] | list[str]) -> str:
    """`a`, `a and b`, `a, b and c`"""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def sentence_case(text: str) -> str:
    """The first letter large, all others as they are: names keep theirs."""
    return text[:1].upper() + text[1:]


def _two(large: str, small: int, unit: str) -> str:
    return f"{large} {small} {unit}" if small else large


# What the palette calls the places that it finds by name.
ON_CALL, SERVICES, PEOPLE = "On call", "Services", "People"
