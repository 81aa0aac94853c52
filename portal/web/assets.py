"""Static files with their fingerprint in the name, compressed once, cached for ever."""

import hashlib
import json
from pathlib import Path
from wsgiref.headers import Headers

import flask_bootstrap
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from portal.doors import headers
from portal.doors.world import world_of

HERE = Path(__file__).parent / "static"
# Only the file of the package is used, so its extension, with its own route, stays out.
BOOTSTRAP_CSS = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
PREFIX = "/assets/"
FINGERPRINT_CHARS = 12
MANIFEST = "names.json"


def init_app(app: Flask, folder: Path) -> None:
    """Build the files into a folder when they changed, serve them below `/assets/`, and name them in pages."""
    names, told = _build(folder), headers.of_files(world_of(app).settings)

    def add_headers(found: Headers, *_: str) -> None:
        for name, value in told.items():
            found[name] = value

    served = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix=PREFIX,
        immutable_file_test=lambda *_: True,
        # No other site shows or reads them.
        allow_all_origins=False,
        add_headers_function=add_headers,
    )
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = lambda name: f"{PREFIX}{names[name]}"


def _build(folder: Path) -> dict[str, str]:
    sources = [path for path in sorted(HERE.iterdir()) if path.is_file()] + [BOOTSTRAP_CSS]
    names = {path.name: _fingerprinted(path) for path in sources}
    manifest = folder / MANIFEST
    if not manifest.is_file() or json.loads(manifest.read_text()) != names:
        folder.mkdir(parents=True, exist_ok=True)
        compressor = Compressor(quiet=True)
        for path in sources:
            target = folder / names[path.name]
            target.write_bytes(_without_map(path.read_bytes()))
            list(compressor.compress(str(target)))
        manifest.write_text(json.dumps(names))
    return names


def _fingerprinted(path: Path) -> str:
    print_ = hashlib.sha256(path.read_bytes()).hexdigest()[:FINGERPRINT_CHARS]
    return f"{path.stem}.{print_}{path.suffix}"


def _without_map(content: bytes) -> bytes:
    # The source map is not served, and naming it costs the browser's tools a 404.
    return content.partition(b"/*# sourceMappingURL")[0]
