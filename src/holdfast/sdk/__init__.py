"""The plug-in face: everything an integration may import, and nothing else of ours.

A source is a function from bytes to signals. A notifier is a generator that yields calls and
receives replies. Neither opens a socket, reads a clock or touches the database.
"""

from holdfast.sdk.call import Call, HttpCall, MailCall, Reply
from holdfast.sdk.clean import (
    clean_details,
    clean_key,
    clean_labels,
    clean_line,
    clean_text,
    dotted,
)
from holdfast.sdk.cut import cut, cut_bytes
from holdfast.sdk.headline import REHEARSAL, headline
from holdfast.sdk.inbound import Inbound, Unreadable, unreadable
from holdfast.sdk.instant import parse_instant
from holdfast.sdk.notifier import (
    Delivering,
    Destination,
    Message,
    MessageKind,
    Notifier,
    Outcome,
    Rejected,
    Retry,
    Sent,
)
from holdfast.sdk.reading import Reading, object_of, signal_of, signals_of
from holdfast.sdk.replies import asked_wait, judge, refusal
from holdfast.sdk.signal import Severity, Signal, SignalStatus, Urgency, severity_of, urgency_of
from holdfast.sdk.source import Answer, Door, Source

__all__ = [
    "REHEARSAL",
    "Answer",
    "Call",
    "Delivering",
    "Destination",
    "Door",
    "HttpCall",
    "Inbound",
    "MailCall",
    "Message",
    "MessageKind",
    "Notifier",
    "Outcome",
    "Reading",
    "Rejected",
    "Reply",
    "Retry",
    "Sent",
    "Severity",
    "Signal",
    "SignalStatus",
    "Source",
    "Unreadable",
    "Urgency",
    "asked_wait",
    "clean_details",
    "clean_key",
    "clean_labels",
    "clean_line",
    "clean_text",
    "cut",
    "cut_bytes",
    "dotted",
    "headline",
    "judge",
    "object_of",
    "parse_instant",
    "refusal",
    "severity_of",
    "signal_of",
    "signals_of",
    "unreadable",
    "urgency_of",
]
