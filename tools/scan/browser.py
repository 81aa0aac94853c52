"""A browser without a picture: keeps cookies, reads forms, sends what is typed; works over TLS with one certificate."""

import ssl
from dataclasses import dataclass
from http.cookiejar import LWPCookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

import html5lib

PATIENCE_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form as it stands on a page: where it goes, and every field with the value that it has or offers first."""

    method: str
    url: str
    fields: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page that was opened, where all redirects had led."""

    url: str
    status: int
    tree: Any

    @property
    def links(self) -> list[str]:
        """The addresses that it links to."""
        return [urljoin(self.url, link.get("href")) for link in self.tree.iter("a") if link.get("href")]

    @property
    def forms(self) -> list[Form]:
        """Its forms."""
        return [_form(self.url, form) for form in self.tree.iter("form")]

    def form(self, field: str) -> Form:
        """Return the form that has this field; raise LookupError when none stands there."""
        for form in self.forms:
            if field in form.fields:
                return form
        raise LookupError(f"no form with {field} at {self.url}, answered {self.status}")


class Browser:
    """One visitor."""

    def __init__(self, site_url: str, certificate: Path) -> None:
        """Open an empty browser that believes this certificate alone."""
        self.site_url = site_url
        self.jar = LWPCookieJar()
        self._opener = build_opener(
            HTTPSHandler(context=ssl.create_default_context(cafile=str(certificate))),
            HTTPCookieProcessor(self.jar),
        )

    @property
    def cookie(self) -> str:
        """The Cookie header that it sends."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def open(self, address: str, sent: dict[str, str] | None = None) -> Page:
        """Open an address, or send a form there; what the portal refuses is a page too."""
        body = urlencode(sent).encode() if sent is not None else None
        request = Request(urljoin(self.site_url, address), data=body)  # noqa: S310  (always https)
        try:
            answer = self._opener.open(request, timeout=PATIENCE_SECONDS)
        except HTTPError as refused:
            answer = refused
        with answer:
            text = answer.read() if "html" in answer.headers.get("Content-Type", "") else b""
            tree = html5lib.parse(text, namespaceHTMLElements=False, transport_encoding="utf-8")
            return Page(url=answer.url, status=answer.status, tree=tree)

    def send(self, form: Form, **typed: str) -> Page:
        """Fill in a form and send it."""
        return self.open(form.url, form.fields | typed)


def _form(page_url: str, form: Any) -> Form:
    fields: dict[str, str] = {}
    for field in form.iter():
        name = field.get("name")
        if name and field.tag in {"input", "textarea", "select", "button"}:
            fields.setdefault(name, _value(field))
    url = urljoin(page_url, form.get("action") or page_url)
    return Form(method=(form.get("method") or "get").upper(), url=url, fields=fields)


def _value(field: Any) -> str:
    if field.tag == "select":
        return next((option.get("value") for option in field.iter("option") if option.get("value")), "")
    return "".join(field.itertext()).strip() if field.tag == "textarea" else field.get("value", "")
