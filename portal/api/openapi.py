"""The description of the API, made from the routes themselves: what a view declares beside it is what is published."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Flask, current_app
from werkzeug.routing import Rule

from portal.api import problems
from portal.api.schemas import SCHEMAS
from portal.doors.entry import Entry, enter, entry_of
from portal.doors.world import world

P = ParamSpec("P")
R = TypeVar("R")
Schema = Mapping[str, Any]

JSON = "application/json"
# What any operation may answer before it is asked; `doors` says when.
EVERYWHERE = {
    400: "The request has another host or more fields than any of ours",
    414: "The address is too long",
    429: "Too many requests from one address within a minute; Retry-After says how many seconds to wait",
    431: "The headers are too long",
}
# A bearer key is nothing that a browser adds by itself, so only the open doors ask where a browser stands.
WITHOUT_KEY = {403: "A page of another site asks"}
WITH_BODY = {408: "The body comes too slowly"}

bp = Blueprint("openapi", __name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a status means: words, and the schema of its body (a component's name, or the schema itself)."""

    means: str
    schema: str | Schema | None = None
    media_type: str = JSON


@dataclass(frozen=True, kw_only=True, slots=True)
class Documented:
    """What a view says of itself."""

    summary: str
    answers: Mapping[int, Answer]
    parameters: tuple[Schema, ...]
    body: str | Schema | None
    body_type: str


def documented(
    summary: str,
    *,
    answers: Mapping[int, Answer],
    refuses: Mapping[int, str] | None = None,
    parameters: tuple[Schema, ...] = (),
    body: str | Schema | None = None,
    body_type: str = JSON,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Describe a view; stands between its route and `enter`.

    `refuses` maps a status to words, answered as problem+json. `parameters` are OpenAPI parameters beside those of
    the path; `body` is what it takes, JSON unless `body_type` says otherwise. A view entered by API key is described as needing a bearer key.
    """
    refused = _problems({**EVERYWHERE, **(refuses or {})})

    def describe(view: Callable[P, R]) -> Callable[P, R]:
        view.documented = Documented(  # type: ignore[attr-defined]
            summary=summary,
            answers={**answers, **refused},
            parameters=parameters,
            body=body,
            body_type=body_type,
        )
        return view

    return describe


def _problems(means: Mapping[int, str]) -> dict[int, Answer]:
    return {
        status: Answer(means=words, schema="Problem", media_type=problems.MEDIA_TYPE)
        for status, words in means.items()
    }


def query(name: str, schema: Schema, description: str) -> Schema:
    """Return an optional parameter of the query."""
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def header(name: str, schema: Schema, description: str) -> Schema:
    """Return a required header."""
    return {"name": name, "in": "header", "required": True, "schema": schema, "description": description}


@bp.get("/openapi.json")
@documented("This description", answers={200: Answer(means="The description", schema={"type": "object"})})
@enter(Entry.PUBLIC)
def show() -> dict[str, Any]:
    return description(current_app)


def description(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of an application."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        told: Documented | None = getattr(app.view_functions[rule.endpoint], "documented", None)
        if told:
            secured = entry_of(app, rule.endpoint) is Entry.API_KEY
            path = paths.setdefault(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), {})
            path |= dict.fromkeys(_methods(rule), _operation(rule, told, secured=secured))
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{world().settings.site_name} API", "version": "1"},
        "servers": [{"url": world().settings.public_url}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}},
        },
    }


def _methods(rule: Rule) -> list[str]:
    return sorted(method.lower() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def _operation(rule: Rule, told: Documented, *, secured: bool) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in sorted(rule.arguments)
    ]
    at_the_door = _problems({**({} if secured else WITHOUT_KEY), **(WITH_BODY if told.body else {})})
    answers = sorted({**told.answers, **at_the_door}.items())
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": told.summary,
        "parameters": [*in_path, *told.parameters],
        "responses": {str(status): _response(answer) for status, answer in answers},
    }
    if told.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {told.body_type: {"schema": _schema(told.body)}},
        }
    if secured:
        operation["security"] = [{"apiKey": []}]
    return operation


def _response(answer: Answer) -> dict[str, Any]:
    if answer.schema is None:
        return {"description": answer.means}
    return {"description": answer.means, "content": {answer.media_type: {"schema": _schema(answer.schema)}}}


def _schema(schema: str | Schema) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
