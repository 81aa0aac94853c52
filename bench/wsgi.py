"""The application as it is served, with one page more: an empty one in the same layout, the peer of the search page."""

from flask import render_template

from bench.server import EMPTY
from portal.app import create_server
from portal.doors.buffering import buffered
from portal.doors.entry import Entry, enter

app = create_server()
served = buffered(app)
# Compiled once, as a template in a file is.
page = app.jinja_env.from_string('{% extends "layout.html" %}')


@app.get(EMPTY)
@enter(Entry.PUBLIC)
def empty() -> str:
    return render_template(page)
