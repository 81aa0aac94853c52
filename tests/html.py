"""Read a page as strictly as a validator: well formed, one h1, labels, unique ids, no inline style or script."""

import re
from typing import Any

import html5lib
from werkzeug.test import TestResponse

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
NOT_LABELLED = {"hidden", "submit", "button"}


def page(answer: TestResponse) -> Any:
    """Parse a page and check what must hold on every one; return its tree for further questions."""
    text = answer.get_data(as_text=True)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(text)
    check(tree)
    return tree


def words(tree: Any) -> str:
    """Return all text of a tree with single spaces."""
    return " ".join("".join(tree.itertext()).replace("\xa0", " ").split())


def without_nonce(text: str) -> str:
    """Return a page without what is new in every answer, to compare two."""
    return re.sub(r'nonce="[^"]+"', "", text)


def check(tree: Any) -> None:
    assert tree.get("lang"), "the page names its language"
    assert len(tree.findall(".//h1")) == 1, "one h1"
    assert tree.findtext(".//title"), "a title"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), (
        f"ids stand once: {sorted(found for found in ids if ids.count(found) > 1)}"
    )
    _check_labels(tree, set(ids))
    assert not [element for element in tree.iter() if element.get("style")], "no inline style"
    assert all(script.get("src") for script in tree.findall(".//script")), "no inline script"
    assert all(script.get("nonce") for script in tree.findall(".//script")), "a nonce for each script"


def _check_labels(tree: Any, ids: set[str]) -> None:
    labelled = {label.get("for") for label in tree.findall(".//label")}
    assert labelled - {None} <= ids, f"labels without a field: {labelled - ids}"
    wrapped = {id(field) for label in tree.findall(".//label") for field in label.iter()}
    for kind in ("input", "select", "textarea"):
        for field in tree.findall(f".//{kind}"):
            named = field.get("id") in labelled or id(field) in wrapped or field.get("aria-label")
            assert named or field.get("type") in NOT_LABELLED, f"a label for {field.attrib}"
