"""Pages for what went wrong: what happened, that nothing was lost, what to do; they need no database."""

from flask import render_template
from flask_wtf.csrf import CSRFError

from portal.doors.failures import Failure

SAID: dict[int, tuple[str, str, str]] = {
    400: (
        "That request could not be read",
        "Something in the address or the form could not be understood. Nothing was changed.",
        "Go back, check what you typed, and send it again.",
    ),
    401: ("Sign in first", "This page is for members who are signed in.", "Sign in, then open it again."),
    403: (
        "That is not yours to do",
        "Your role does not include this. Nothing was changed.",
        "Ask a site manager of the clinic.",
    ),
    404: (
        "There is no such page",
        "The address may be mistyped, or the link may have ended or been withdrawn.",
        "Find a clinic below. To follow a referral, open the newest link that was mailed to the practice.",
    ),
    405: (
        "This address does not take that",
        "The page was opened in a way it does not know. Nothing was changed.",
        "Start again from the page that has the form.",
    ),
    413: (
        "That was too much to send at once",
        "The answers together are larger than the portal takes. Nothing was changed.",
        "Go back and shorten the longest answer.",
    ),
    415: ("That kind of content is not read here", "Nothing was changed.", "Send the form as the page does."),
    429: ("Too many requests", "Nothing was changed.", "Wait a minute, then go on."),
    500: (
        "Something broke on our side",
        "It was written down with the reference below. What you sent before this page is kept.",
        "Go back and try once more. If it breaks again, call the clinic and give the reference.",
    ),
}
NOT_FOUND = 404
STALE = (
    "This page was open too long",
    "It could not be checked that you sent this yourself, so nothing was changed.",
    "Go back, load the page again, and send once more.",
)


def page(failure: Failure) -> tuple[str, int]:
    """Return the page for a failure."""
    title, said, todo = STALE if isinstance(failure.error, CSRFError) else SAID.get(failure.status, SAID[400])
    return (
        render_template(
            "errors/page.html",
            title=title,
            said=said,
            todo=todo,
            error_id=failure.id if failure.broken else None,
            show_search=failure.status == NOT_FOUND,
        ),
        failure.status,
    )
