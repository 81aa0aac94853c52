"""The description of the API says what the routes do, for all of them, and nothing else."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.api.bodies import CLINIC, DUPLICATE
from portal.domain.intake import FIELDS, GATE, REQUIRED, ROWS
from portal.domain.safety import DANGER, Question
from portal.domain.vocabulary import Condition
from tests.api.sending import body, new_key, post


def description(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    body = answer.get_json()
    assert isinstance(body, dict)
    return body


def parts(node: object) -> Iterator[dict[str, Any]]:
    """Yield every object of a document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(child)


def component(client: FlaskClient, name: str) -> dict[str, Any]:
    found = description(client)["components"]["schemas"][name]
    assert isinstance(found, dict)
    return found


def flattened(schema: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Yield the dotted name of every answer, and whether it must be given."""
    for name, part in schema["properties"].items():
        if part.get("type") == "object":
            inner = list(flattened(part, f"{prefix}{name}."))
            assert (name in schema["required"]) == any(required for _, required in inner)
            yield from inner
        else:
            yield f"{prefix}{name}", name in schema["required"]


def matches(value: object, schema: dict[str, Any], components: dict[str, Any]) -> None:
    """Check that a value has the shape of a schema, as far as the API's schemas go."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = next(
            option for option in schema["anyOf"] if (option.get("type") == "null") == (value is None)
        )
        return matches(value, schema, components)
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value), set(schema["required"]) - set(value)
        assert set(value) <= set(schema["properties"]), set(value) - set(schema["properties"])
        for name, part in value.items():
            matches(part, schema["properties"][name], components)
    for item in value if isinstance(value, list) else ():
        matches(item, schema["items"], components)
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else [value])
    assert value in allowed
    return None


def test_every_route_of_the_api_is_described(app: Flask, client: FlaskClient) -> None:
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method) for path, methods in description(client)["paths"].items() for method in methods
    }
    assert described == served
    assert ("/api/v1/clinics", "get") in served


def test_it_is_openapi_3_1_with_everything_an_operation_needs(client: FlaskClient) -> None:
    told = description(client)
    assert told["openapi"].startswith("3.1.")
    assert told["info"]["title"]
    operations = [operation for methods in told["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert operation["summary"]
        assert all(answer["description"] for answer in operation["responses"].values())


def test_every_parameter_of_a_path_is_described(client: FlaskClient) -> None:
    for path, methods in description(client)["paths"].items():
        for operation in methods.values():
            in_path = {part["name"] for part in operation["parameters"] if part["in"] == "path"}
            assert in_path == set(re.findall(r"{(\w+)}", path))


def test_every_reference_leads_to_a_component(client: FlaskClient) -> None:
    told = description(client)
    named = {part["$ref"] for part in parts(told) if "$ref" in part}
    assert named == {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}


def test_every_refusal_is_a_problem(client: FlaskClient) -> None:
    for methods in description(client)["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_a_referral_has_the_names_of_the_form(client: FlaskClient) -> None:
    told = dict(flattened(component(client, "NewReferral")))
    assert set(told) == {*FIELDS, *GATE, *ROWS, CLINIC, DUPLICATE}
    assert {name for name, required in told.items() if required} == {*REQUIRED, DANGER}
    conditions = component(client, "NewReferral")["properties"]["condition"]["enum"]
    assert conditions == list(Condition)


def test_a_time_says_on_which_clocks_it_is_read(client: FlaskClient) -> None:
    shape = component(client, "NewReferral")["properties"]["attestation"]
    assert "(America/Anchorage)" in shape["properties"]["at"]["description"]


def test_rows_are_lists_of_objects_with_the_columns_of_the_form(client: FlaskClient) -> None:
    told = component(client, "NewReferral")["properties"]
    for name, rows in ROWS.items():
        assert set(told[name]["items"]["properties"]) == {column.name for column in rows.columns}
        assert (told[name]["maxItems"], told[name]["items"]["required"]) == (rows.most, [])


def test_sending_a_referral_needs_a_key_and_reading_the_directory_none(client: FlaskClient) -> None:
    paths = description(client)["paths"]
    assert paths["/api/v1/referrals"]["post"]["security"] == [{"apiKey": []}]
    assert "security" not in paths["/api/v1/clinics"]["get"]


def test_what_a_system_is_told_has_the_shape_that_is_described(client: FlaskClient) -> None:
    components = description(client)["components"]["schemas"]
    key, risky = new_key(), body(**{"phq9.item_9": 2, "phq9.total": 20})
    danger = body(**{"safety.immediate_danger": True, "attestation.by": "Birch Placebo, MD"})
    for once, sent, status, name in (
        ("1", risky, 201, "Receipt"),
        ("1", risky, 201, "Receipt"),
        ("1", body(), 409, "Problem"),
        ("2", body(), 409, "Problem"),
        ("2", body(duplicate="add"), 200, "Receipt"),
        ("3", danger, 422, "Problem"),
        ("4", body(reason=""), 422, "Problem"),
    ):
        answer = post(client, key, sent, once=once)
        assert answer.status_code == status
        matches(answer.get_json(force=True), {"$ref": f"#/components/schemas/{name}"}, components)
    asked = components["Receipt"]["properties"]["ask_now"]["items"]["properties"]["code"]["enum"]
    assert set(asked) == set(Question)


def test_answers_have_the_shapes_that_are_described(client: FlaskClient) -> None:
    components = description(client)["components"]["schemas"]
    for path, name in (
        ("/api/v1/clinics?near=Bethel", "Clinics"),
        ("/api/v1/clinics?near=Springfield", "Clinics"),
        ("/api/v1/clinics", "Clinics"),
        ("/api/v1/clinics/ketwell-alaska-fairbanks", "Clinic"),
        ("/api/v1/clinics?lat=x", "Problem"),
        ("/api/v1/clinics/nope", "Problem"),
    ):
        matches(client.get(path).get_json(force=True), {"$ref": name}, components)
