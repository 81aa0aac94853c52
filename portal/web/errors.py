"""Pages for what went wrong: what happened, that nothing was lost, what to do; they need no database."""

from flask import render_template
from flask_wtf.csrf import CSRFError

from portal.domain import intake
from portal.doors.failures import Failure
from portal.doors.refusals import Busy, Foreign, ManyFields, WrongHost
from portal.doors.world import world
from portal.web import danger_first, written

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
    408: (
        "That came too slowly",
        "The connection is so slow that what you sent did not arrive. Nothing was changed.",
        "Go back and send it again, from a place with a better connection if you can.",
    ),
    413: (
        "That was too much to send at once",
        "The answers together are larger than the portal takes. Nothing was changed.",
        "Go back and shorten the longest answer.",
    ),
    414: (
        "That address is too long",
        "No page of this site has so long an address. Nothing was changed.",
        "Shorten what you look for, or start again from the first page.",
    ),
    415: ("That kind of content is not read here", "Nothing was changed.", "Send the form as the page does."),
    429: (
        "Too many requests at once",
        "Much was asked from where you are in the last minute, perhaps by colleagues. Nothing was changed.",
        "Wait a minute, then go on.",
    ),
    431: (
        "Your browser sent too much",
        "It sends more cookies than this site takes, perhaps of half-finished forms. Nothing was changed.",
        "Delete the cookies of this site in your browser's settings, then open the page again.",
    ),
    500: (
        "Something broke on our side",
        "It was written down with the reference below. What you sent before this page is kept.",
        "Go back and try once more. If it breaks again, call the clinic and give the reference.",
    ),
}
NOT_FOUND = 404
TOO_MANY = 429
SAID_OF: dict[type[Exception], tuple[str, str, str]] = {
    Busy: (
        "There is no room for files just now",
        "More files are on their way than are taken at a time. Yours did not come in; what was saved before is kept.",
        "Wait a minute, then go back and add them again, a few at a time.",
    ),
    CSRFError: (
        "This page was open too long",
        "It could not be checked that you sent this yourself, so nothing was changed.",
        "Go back, load the page again, and send once more.",
    ),
    Foreign: (
        "That came from another site",
        "Your browser says that another site sent this, or shows this page inside its own. Nothing was changed.",
        "Open this site by its own address, in a window of its own, and send from there.",
    ),
    ManyFields: (
        "That was too much to send at once",
        "No page of this site has so many fields. Nothing was changed: what was saved before is kept.",
        f"Go back, take out what is too much, and send again. A list in a form takes {intake.ROWS['trials'].most} rows or fewer.",
    ),
    WrongHost: (
        "This site has another address",
        "It was asked for under a name that is not its own. Nothing was changed.",
        "Open it by the address below.",
    ),
}
"""Errors that are told in other words than their status is."""


def page(failure: Failure) -> tuple[str, int]:
    """Return the page for a failure; a danger that comes with too many requests is answered first."""
    if failure.status == TOO_MANY and (crisis := danger_first.find_answer_to_many()):
        return crisis, TOO_MANY
    title, said, todo = SAID_OF.get(type(failure.error)) or SAID.get(failure.status, SAID[400])
    return (
        render_template(
            "errors/page.html",
            title=title,
            said=said,
            todo=todo,
            error_id=failure.id if failure.broken else None,
            own_url=world().settings.public_url if isinstance(failure.error, WrongHost) else None,
            show_search=failure.status == NOT_FOUND,
            **_kept(failure),
        ),
        failure.status,
    )


def _kept(failure: Failure) -> dict[str, list[tuple[str, str]]]:
    """Return what was typed, where the form is one of ours; another site's words are not shown under our name."""
    if failure.status == TOO_MANY:
        return {"answers": written.answers(), "fields": written.fields()}
    if isinstance(failure.error, Foreign) and written.is_ours():
        return {"answers": written.answers()}
    return {}
