"""Files that strangers sent, parsed and written anew in a process of its own: here nothing of theirs is ever read.

The child starts with no environment, so it holds no key; `child` bounds its memory, its time and what it may open.
However it ends, the answer is a cleaned file or a sentence.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer

from portal.domain.errors import NotTaken
from portal.domain.files import FILE_MOST_BYTES, Cleaned, FileKind, refuse_size

TOP = Path(__file__).resolve().parents[3]
"""Not from `portal.config`: the child comes by here too, and would read all that settings need."""
WAIT_SECONDS = 40
"""By the clock; the child's own bound is processor time, and on a busy machine that takes longer to pass."""
ANSWER_MOST_BYTES = 2 * FILE_MOST_BYTES
"""A scan that is written anew may grow."""
COMMAND = (sys.executable, "-E", "-s", "-B", "-m", "portal.gateways.cleaning.child")
GAVE_UP = "This file is broken, or takes too much to open. Print it to a new PDF or make a smaller picture of it, and add that."


def clean(sent: bytes) -> Cleaned:
    """Return what may be kept of a file, by its content alone; raise NotTaken with a sentence for the sender."""
    refuse_size(len(sent))
    head, _, content = _ask_child(sent).partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        raise NotTaken(GAVE_UP) from None
    if "refused" in told:
        raise NotTaken(told["refused"])
    if len(content) != told["size_bytes"]:
        raise NotTaken(GAVE_UP)
    return Cleaned(kind=FileKind(told["kind"]), content=content, pages=told["pages"])


def _ask_child(sent: bytes) -> bytes:
    """Return what the child answers within its time, and nothing where it was killed or broke."""
    # Our own program and a fixed list of arguments; what was sent is only ever its input.
    with Popen(COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd=TOP) as child:  # noqa: S603
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes, by the line above.
        end = Timer(WAIT_SECONDS, child.kill)
        end.start()
        try:
            # The child reads all before it answers; one that died reads nothing.
            with suppress(BrokenPipeError), child.stdin as way:
                way.write(sent)
            answer = child.stdout.read(ANSWER_MOST_BYTES)
        finally:
            end.cancel()
            child.kill()
    return answer
