"""The log: one line a request and one for each thing that happened, structured, about nobody.

Every line, also of libraries, goes through one chain: JSON in production, readable in development. Our own lines say
an event in words that stand in the program, and facts that `scrubbing` knows: never what somebody typed.
"""

import logging
import re
import sys
import time
from types import TracebackType
from typing import TextIO
from uuid import uuid4

import structlog
from flask import Flask, Response, g, has_request_context, request
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor

from portal.config import read_settings
from portal.doors import scrubbing, tracebacks
from portal.doors.scrubbing import Fact
from portal.doors.world import world, world_of

OURS = "portal"
TALKATIVE = ("werkzeug", "sqlalchemy", "alembic", "flask_wtf", "flask_security", "flask-limiter")
"""Below a warning, these tell addresses, statements and who asked."""
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def init_app(app: Flask) -> None:
    """Set the log up, number every request as it comes, and write one line when it is answered."""
    start(production=world_of(app).settings.production)
    app.before_request(_begin)
    app.after_request(_end)


def logger(name: str) -> BoundLogger:
    """Return what writes lines; `name` is one word for the part of the portal that speaks."""
    found: BoundLogger = structlog.get_logger(f"{OURS}.{name}")
    return found


def security(event: str, **facts: Fact) -> None:
    """Write down, once, that something was refused or failed which guards the portal.

    `event` says what happened ("sign-in failed"), facts say how (`reason`, `how`, `status`). Who it was is added
    (`member_id`, or none) where it is known already: it is not looked up for a request that is refused. What was
    typed is never told, and from where it came is in the audit trail and in the proxy's log alone.
    """
    known = g.get("_login_user") if has_request_context() else None
    SECURITY.warning(event, **{"member_id": getattr(known, "id", None)} | facts)


def start(*, production: bool) -> None:
    """Let every line of this process, also of libraries and of its end by an error, go through the chain."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _only_known,
            *_ADDED,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    out = ToStandardError()
    out.setFormatter(formatter(production=production))
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if not isinstance(each, ToStandardError)] + [out]
    logging.getLogger(OURS).setLevel(logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _last_words
    # A line holds none of these, and would pay for all of them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def formatter(*, production: bool | None = None) -> ProcessorFormatter:
    """Return what makes a line of a record, of ours or of a library; the settings say whether for production."""
    production = read_settings().production if production is None else production
    told = tracebacks.without_values if production else tracebacks.readable
    shown = structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(colors=False)
    return ProcessorFormatter(
        foreign_pre_chain=[_scrub_foreign, *_ADDED],
        processors=[ProcessorFormatter.remove_processors_meta, told, shown],
    )


class ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to standard error as it is when a line comes, which tests and supervisors exchange."""

    def __init__(self) -> None:
        """Keep no stream."""
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def _begin() -> None:
    g.request_id = uuid4().hex[:12]
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    # Not the path, which can hold a key, nor the query, which holds what somebody typed.
    REQUESTS.info(
        "answered",
        method=request.method,
        route=str(request.url_rule or "-"),
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
        **_proxy_id(),
    )
    return response


def _proxy_id() -> dict[str, Fact]:
    """Return the number that a trusted proxy gave the request; our own stays the one that all else is found by."""
    given = request.headers.get("X-Request-ID", "")
    trusted = world().settings.trusted_proxies and GIVEN_ID.fullmatch(given)
    return {"proxy_id": given} if trusted else {}


def _only_known(_logger: object, _method: str, line: EventDict) -> EventDict:
    event = str(line["event"])
    kept: EventDict = {"event": event if scrubbing.EVENT.fullmatch(event) else scrubbing.scrub(event)}
    if "exc_info" in line:
        kept["exc_info"] = line["exc_info"]
    kept.update(scrubbing.facts(line))
    return kept


def _scrub_foreign(_logger: object, _method: str, line: EventDict) -> EventDict:
    line["event"] = scrubbing.scrub(str(line["event"]))
    return line


def _add_request(_logger: object, _method: str, line: EventDict) -> EventDict:
    if has_request_context() and "request_id" in g:
        line["request_id"] = g.request_id
    return line


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, Exception):
        PROCESS.critical("ended by an error", exc_info=error)
    else:
        sys.__excepthook__(kind, error, trace)


_ADDED: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    _add_request,
]

# Made once: a logger keeps what it has found out at its first line.
PROCESS, REQUESTS, SECURITY = logger("process"), logger("requests"), logger("security")
