"""The shapes of what the API takes and gives, as JSON Schema; closed lists and fields come from the domain."""

from collections.abc import Mapping
from typing import Any

from portal.api.bodies import ADD, SEPARATE
from portal.api.values import takes_booleans
from portal.domain.intake import FIELDS, GATE, REQUIRED, ROWS, Control, Field, Rows
from portal.domain.places import Precision
from portal.domain.safety import DANGER, Question
from portal.domain.vocabulary import Condition, OfferingCode, Tier
from portal.queries.rules import get_targets

Schema = Mapping[str, Any]

STRING = {"type": "string"}
NUMBER = {"type": "number"}
STRINGS = {"type": "array", "items": STRING}
MAYBE_STRING = {"type": ["string", "null"], "description": "null is not yet confirmed by the clinic"}
MAYBE_NUMBER = {"type": ["number", "null"]}
MAYBE_AGE = {"type": ["integer", "null"]}


def closed(properties: Schema, *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return an object whose properties are all required but the optional ones."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
    }


def array(name: str) -> Schema:
    """Return a list of a component."""
    return {"type": "array", "items": ref(name)}


def ref(name: str) -> Schema:
    """Return a component by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def referral() -> dict[str, Any]:
    """Return the body of a referral: the form's fields under the same dotted names, its rows, the safety answers."""
    root = _exact({})
    for field in (*FIELDS.values(), *GATE.values()):
        *groups, name = field.name.split(".")
        node = root
        needed = field.name in REQUIRED or field.name == DANGER
        for group in groups:
            node = _put(node, group, node["properties"].get(group) or _exact({}), required=needed)
        _put(node, name, _field(field, required=needed), required=needed)
    for rows in ROWS.values():
        _put(root, rows.name, _rows(rows), required=False)
    _put(root, "clinic", _CLINIC, required=False)
    _put(root, "duplicate", _DUPLICATE, required=False)
    return root


_CLINIC = {
    "type": ["string", "null"],
    "description": "Slug of the chosen clinic; without it the nearest that suits is taken",
}
_DUPLICATE = {
    "enum": [ADD, SEPARATE, "", None],
    "description": "What to do when this key has sent an open referral for the patient before; without it: 409",
}


def _rows(rows: Rows) -> dict[str, Any]:
    row = _exact({column.name: _field(column, required=False) for column in rows.columns})
    return {
        "type": ["array", "null"],
        "maxItems": rows.most,
        "items": row | {"required": []},
        "description": rows.label,
    }


def _exact(properties: Schema) -> dict[str, Any]:
    """Return an object that is refused for a name it does not list."""
    return closed(properties) | {"additionalProperties": False}


def _put(node: dict[str, Any], name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    node["properties"][name] = schema
    if required and name not in node["required"]:
        node["required"].append(name)
    return schema


def _field(field: Field, *, required: bool) -> dict[str, Any]:
    if field.control is Control.TICK:
        return {"const": True, "description": field.label}
    label = field.label if field.label.endswith((".", "?")) else f"{field.label}."
    words = f"{label} {field.hint_in(get_targets().intake_zone)}"
    told = {"description": words.strip(), "examples": [field.example]}
    if field.choices:
        yes_or_no = [True, False] if takes_booleans(field) else []
        return {"enum": [*field.choices, *yes_or_no, *([] if required else ["", None])], **told}
    if not required:
        kinds = ["string", "number", "null"] if field.control is Control.NUMBER else ["string", "null"]
        return {"type": kinds, "maxLength": field.most, **told}
    # What is not blank, as the reader sees it; line ends and spaces around an answer are not counted.
    return {"type": "string", "minLength": 1, "maxLength": field.most, "pattern": r"\S", **told}


_OFFERING = closed(
    {
        "code": {"enum": list(OfferingCode)},
        "conditions": {"type": "array", "items": {"enum": list(Condition)}},
        "min_age": MAYBE_AGE,
        "max_age": MAYBE_AGE,
    }
)

SCHEMAS: dict[str, Schema] = {
    "Place": closed(
        {
            "label": STRING,
            "lat": NUMBER,
            "lon": NUMBER,
            "precision": {"enum": list(Precision)},
            "source": STRING,
            "key": STRING | {"description": "Finds this very place again as `near`"},
            "shortened": {"type": "boolean", "description": "true when only part of what was typed was used"},
        }
    ),
    "Clinic": closed(
        {
            "type": {"const": "Feature"},
            "id": STRING | {"description": "The slug"},
            "geometry": {
                "type": ["object", "null"],
                "properties": {
                    "type": {"const": "Point"},
                    "coordinates": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
                },
            },
            "properties": closed(
                {
                    "slug": STRING,
                    "name": STRING,
                    "network": STRING,
                    "street": MAYBE_STRING,
                    "city": STRING,
                    "state": STRING,
                    "zip": MAYBE_STRING,
                    "zone": STRING,
                    "phone": MAYBE_STRING,
                    "hours": MAYBE_STRING,
                    "website": MAYBE_STRING,
                    "accepting": {"type": "boolean"},
                    "accepting_note": {"type": ["string", "null"]},
                    "offerings": {"type": "array", "items": _OFFERING},
                    "checked_on": {"type": "string", "format": "date"},
                    "checked_by": STRING,
                    "source": STRING,
                    "url": STRING,
                    "distance_km": MAYBE_NUMBER,
                    "distance_mi": MAYBE_NUMBER,
                }
            ),
        }
    ),
    "Clinics": closed(
        {
            "type": {"const": "FeatureCollection"},
            "place": {"anyOf": [ref("Place"), {"type": "null"}]},
            "candidates": array("Place"),
            "features": array("Clinic"),
        },
        optional=("candidates",),
    ),
    "Problem": closed(
        {
            "type": STRING | {"description": "about:blank, or which refusal it is, like /problems/duplicate"},
            "title": STRING,
            "status": {"type": "integer"},
            "detail": STRING,
            "instance": STRING,
            "errors": {"type": "array", "items": closed({"name": STRING, "message": STRING})},
            "of": STRING | {"description": "Reference of the open referral that you sent before"},
            "rules": STRINGS | {"description": "Ids of the rules that stopped it"},
        },
        optional=("detail", "instance", "errors", "of", "rules"),
    ),
    "NewReferral": referral(),
    "Receipt": closed(
        {
            "reference": STRING,
            "clinic": {"type": ["string", "null"], "description": "Slug; null is the network's intake team"},
            "queue": STRING | {"description": "Who has it, in words"},
            "tier": {"enum": list(Tier)},
            "rules": {
                "type": "array",
                "items": closed({"id": STRING, "words": STRING}),
                "description": "The triage rules that fired, the deciding one first",
            },
            "missing": {
                "type": "array",
                "items": closed({"what": STRING, "any_of": STRINGS, "why": STRING}),
                "description": "What will delay triage; send it as a duplicate to add",
            },
            "ask_now": {
                "type": "array",
                "items": closed({"code": {"enum": list(Question)}, "words": STRING}),
                "description": "What to ask the patient at once; the referral is filed all the same",
            },
            "first_look_by": {"type": "string", "format": "date-time"},
            "explanation": {
                "type": "object",
                "description": "Why this clinic: place, rules, every candidate",
            },
            "status_url": STRING
            | {"description": "Shows how it goes on, without an account; keep it secret"},
        }
    ),
}
