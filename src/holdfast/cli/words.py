"""What the commands say. Help texts of flags stand beside the flags."""

from __future__ import annotations

HOLDFAST = "Self-hosted on-call and incident response that refuses untrue claims."

# One line for each command: `holdfast --help` must fit one screen.
HELP = {
    "up": "Start Holdfast: web, engine and senders in one process.",
    "ack": "Acknowledge alerts: paging stops, you have it.",
    "unack": "Take an acknowledgement back: somebody is paged again.",
    "alerts": "List alerts, or show one and why somebody was paged.",
    "page": "Open an alert by hand: whoever is on call is paged.",
    "declare": "Declare an incident: roles, clocks and pages follow at once.",
    "incidents": "List incidents, newest first.",
    "incident": "Show one incident, or move it on.",
    "role": "Roles of an incident: list them, give them, leave them.",
    "handoff": "Hand a role on: offer it, accept it, decline it.",
    "summon": "Page a person, team, schedule or service for an incident.",
    "note": "Write into the timeline of an incident.",
    "update": "Tell people how an incident stands, and when they hear next.",
    "ask": "Put a question about an incident to command.",
    "oncall": "Who is on call, until when and why.",
    "rehearse": "Who would be rung, how and when, if nobody answered.",
    "plan": "Show what configuration files would change.",
    "apply": "Make it as the configuration files say.",
    "export": "Write the configuration back as a file, without keys.",
    "token": "Create, list and revoke keys for programs.",
    "sign-in-link": "Make a one-time link to sign in with.",
    "practice": "Show, choose, check and export practice packs.",
    "guardrails": "List the rules that refuse, with their figures and strengths.",
    "verify": "Prove the timeline's hash chain and the invariants.",
    "backup": "Copy the whole database to a file while everything goes on.",
    "restore": "Start a data folder from a backup, on hold.",
    "release": "End the hold after a restore: paging goes on.",
    "settings": "List all settings with their values.",
}

NO_SUCH_COMMAND = "There is no command {name}."
DID_YOU_MEAN = "Did you mean: holdfast {name}"
SEE_HELP = "See: holdfast --help"

NO_TOKEN = "A server needs a token."
NO_TOKEN_REMEDY = "Give --token, or set HOLDFAST_TOKEN. `holdfast token create` makes one there."
UNREACHABLE_REMEDY = "Is it running, and is that its address?"
NEW_INSTANCE = "There was no Holdfast in {place}: an empty one was made."
NOT_HOLDFAST = "What answers there is not Holdfast."
NOT_HOLDFAST_REMEDY = "Check the address."

NOTHING_TO_CHANGE = "Everything is as the files say."
PLANNED = "Nothing was changed yet: {summary}. Next: {command}"
APPLIED = "Applied: {summary}. Next: holdfast oncall"
KEYS_MADE = "These keys were made. They are shown this once:"
NOT_APPLIED = "Nothing was changed."
EXPORTED = "Keys are not in it; applying it keeps the keys that are there."
NOT_TEXT = "{file} is not UTF-8 text."
NOT_TEXT_REMEDY = "Save it as UTF-8."
NOT_A_PACK = "This is no pack to work by."
NOT_READ = "{file} cannot be read: {why}."

TOKEN_MADE = "This is shown only this once. Revoke it with: holdfast token revoke {id}"
TOKEN_REVOKED = "{name} ({id}) opens nothing any more."
PRACTICE_CHOSEN = "{name} is in force. Open incidents keep theirs."
PRACTICE_OFF = "No practice is in force: nobody can declare an incident."
PACK_SAVED = "{name} was saved. Next: holdfast practice choose {name}"
PACK_GONE = "{name} is gone; {active} is in force."
PACK_GOOD = "{file}: {name} has {levels} levels and can be worked by."
PACK_RELAXED = "It lets one person hold roles that the house keeps apart: {pairs}."

NO_TOKENS = "There are no tokens. Next: holdfast token create --name NAME"
LINK_MADE = "It works once, until {until}."

NO_ALERTS = "There are no such alerts."
ACKNOWLEDGED = "{code} is yours: nobody else is paged for it. Take it back: holdfast unack {code}"
UNACKNOWLEDGED = "{code} is open again and somebody is paged. Next: holdfast alerts show {code}"
WHICH_ALERT = "Say which alert."
WHICH_ALERT_REMEDY = "Name one or several, such as holdfast ack RAVO-42, or --all."
NOTHING_TO_ACKNOWLEDGE = "Nothing waits for an acknowledgement."
OPENED = "{code} is open and whoever is on call is paged. Next: holdfast alerts show {code}"

NOBODY = "nobody"
NO_SCHEDULES = "There are no schedules yet. Next: holdfast apply FILE"
NO_SUCH_SCHEDULE = "There is no schedule {name}."
SCHEDULES_ARE = "There are: {names}."

REHEARSED = "{service} climbs the policy {policy} from {at}, and nobody answers:"
NO_GAP = "No gap. Nothing was sent."
GAPS = "{count}. Nothing was sent."
REACHES_NOBODY = "Nobody would be rung."

NO_GUARDRAILS = "There are no such rules. See them all: holdfast guardrails"
GUARDS = "asked before {guards} · {strength} · rests on {cites}"
FIRED = "ever: {refused} refused, {overridden} overridden, {noted} noted"
FIRED_LATELY = "in 30 days: {refused} refused, {overridden} overridden, {noted} noted"
FOR_REVIEW = "Overridden in more than 30 % of its firings: it is for the next practice review."
STRENGTH_CHOSEN = "as written: {declared}; changed by {by}, {at}: {reason}"
NO_REASON = "no reason given"
EXPLAINED_AT = "More: {path}"
STRENGTH_SET = "{code} stands as {strength} from now on."

WHOLE = "The timeline is whole: {sealed}, {unsealed}."
ANCHOR = "anchor {anchor}"
BROKEN = "The timeline is broken: {row}"
NOT_PROVED = "Holdfast does not hold what it promises."
NOT_PROVED_REMEDY = "Keep a copy of the data, and compare with the last backup that verifies."

BACKED_UP = "{file} holds everything ({size}). Next: holdfast restore {file} --data ANOTHER-FOLDER"
FILE_EXISTS = "{file} exists already."
FILE_EXISTS_REMEDY = "Choose another name, or give --force to replace it."
RESTORED = "{place} is restored and on hold: it shows what it would page and sends nothing."
RESTORED_NEXT = "Look at it (holdfast up), then let it page: holdfast release"
KEPT = "What was there is kept as {file}."
DATA_EXISTS = "There is a Holdfast in {place} already."
DATA_EXISTS_REMEDY = "Choose an empty folder with --data, or give --force to replace what is there."
NOT_A_BACKUP = "{file} is not a backup of Holdfast."
NOT_A_BACKUP_REMEDY = "Give a file that `holdfast backup` wrote."
ONLY_SQLITE = "Only an instance on SQLite is restored like this."
ONLY_SQLITE_REMEDY = "Use pg_restore, or the tools of your provider, for PostgreSQL."
ASLEEP = "No server holds this folder: nobody is paged before `holdfast up`."
RELEASED = "Holdfast pages again. Next: holdfast alerts list"

TOLD = "They were told. The next update is promised by {at}."
TOLD_LAST = "They were told. Nothing more is promised."
NOT_TOLD = "Nothing was sent. Leave --dry-run out to send it."
ASKED = "It waits for command; you are told the answer."

ROLE_TAKEN = "It is theirs from now on."
ROLE_LEFT = "It is theirs no more."
HANDOFF_OFFERED = "Offered. It stays where it is until it is accepted."
HANDOFF_DECLINED = "It stays where it is."
SUMMONED = "Paged. Without an answer the next one is asked at {at}."

DECLARED = "Declared. Next: holdfast incident show {number}"
NO_INCIDENTS = "No incidents. That is the best list there is."
PROVISIONAL = "provisional"
CANDIDATE = "MISSING (asked: {user})"
MISSING = "MISSING"
RAN_OUT = "ran out"
NO_PAIR = "{text} is not gate=answer, such as postmortem=https://example.com/1."

NOTED = "Written, at {at}, by {author}."
SENT_AGAIN = "No answer; sent once more, with the same key."
BAD_EVIDENCE = "“{text}” is not evidence."
BAD_EVIDENCE_REMEDY = "Write a kind and what shows it: metric=https://graphs.example.com/d/errors"
