"""The HTML door: parse, ask or act, present; no rule and no SQL stands here."""

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from portal.web import (
    amending,
    audit,
    chrome,
    conversation,
    directory,
    downloads,
    emergency,
    finding,
    intake,
    intake_files,
    intake_gate,
    intake_later,
    intake_same,
    intake_send,
    pages,
    paper,
    proof,
    sheet,
    staff,
    staff_paper,
    status_links,
    stops,
    tracking,
    triage,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    amending.bp,
    audit.bp,
    conversation.bp,
    directory.bp,
    downloads.bp,
    emergency.bp,
    finding.bp,
    intake.bp,
    intake_files.bp,
    intake_gate.bp,
    intake_later.bp,
    intake_same.bp,
    intake_send.bp,
    pages.bp,
    paper.bp,
    proof.bp,
    sheet.bp,
    staff.bp,
    staff_paper.bp,
    status_links.bp,
    stops.bp,
    tracking.bp,
    triage.bp,
)


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Hang the pages into the application."""
    chrome.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in app.view_functions.values():
        if getattr(view, "keeps_typed", False):
            csrf.exempt(view)
