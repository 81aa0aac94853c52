"""`flask clinics`: a file is taken whole or refused whole, and an export that is imported changes nothing."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.cli.seed import SEEDS
from portal.domain.listings import COLUMNS
from tests.cast import ANCHORAGE

EXAMPLES = SEEDS / "example-network.csv"
HEADER = ",".join(COLUMNS)
ROW = "{slug},Example Clinic,Example Network,,Nome,AK,,,,America/Anchorage,,,,no,,,2026-11-22,the portal's operator,Invented"


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["clinics", *args])


def rows(*slugs: str) -> str:
    return "\n".join([HEADER, *(ROW.format(slug=slug) for slug in slugs)]) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clinics.csv"


def test_an_import_says_what_it_did(app: Flask, file: Path) -> None:
    file.write_text(rows("one", "two"))
    assert run(app, "import", str(file)).output == "Clinics: 2 added, 0 changed, 0 unchanged.\n"
    file.write_text(rows("one", "two").replace("Nome", "Bethel", 1))
    assert run(app, "import", str(file)).output == "Clinics: 0 added, 1 changed, 1 unchanged.\n"


def test_an_export_that_is_imported_changes_nothing(app: Flask, file: Path) -> None:
    run(app, "import", str(EXAMPLES))
    exported = run(app, "export").output
    file.write_text(exported, encoding="utf-8")
    assert run(app, "import", str(file)).output == "Clinics: 0 added, 0 changed, 16 unchanged.\n"
    assert run(app, "export").output == exported


def test_the_seeds_are_written_as_an_export_writes_them(app: Flask) -> None:
    assert run(app, "export").stdout_bytes == (SEEDS / "clinics.csv").read_bytes()


def test_every_bad_row_is_named_and_nothing_changes(app: Flask, file: Path) -> None:
    before = run(app, "export").output
    lines = rows("good", "Bad Slug", "also-good", "short", "good").splitlines()
    lines[2] = lines[2].replace(",AK,", ",Alaska,")
    lines[4] = "short,Example Clinic"
    file.write_text("\n".join(lines))
    refused = run(app, "import", str(file))
    assert refused.exit_code == 1
    assert [line.split(": ")[:2] for line in refused.stderr.splitlines()[1:]] == [
        ["line 3", "slug"],
        ["line 3", "state"],
        ["line 5", "row"],
        ["line 6", "slug"],
    ]
    assert "It has 2 cells and the header has 19" in refused.stderr
    assert "good stands on line 2 already" in refused.stderr
    assert run(app, "export").output == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty; its first line names the columns: slug,name,"),
        (b"\xef\xbb\xbf\n\n", "it is empty"),
        (b"slug,name\n", "line 1: header: network is missing; street is missing"),
        (HEADER.replace("zip", "postcode").encode(), "zip is missing; postcode is not known"),
        ((HEADER + ",zip").encode(), "zip stands there twice"),
        ((HEADER + ",").encode(), "a column without a name is not known"),
        (rows("one").encode() + b"caf\xe9", "line 3: not UTF-8"),
        (rows("one").encode("utf-16"), "line 1: not UTF-8"),
        (rows("one").encode() + b'two,"open', "line 3: not CSV"),
        (b"\x89PNG\r\n\x1a\n", "line 1: not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_of_clinics_is_refused(
    app: Flask, file: Path, content: bytes, said: str
) -> None:
    file.write_bytes(content)
    refused = run(app, "import", str(file))
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "nothing was changed" in refused.stderr


def test_files_as_spreadsheets_save_them_are_read(app: Flask, file: Path) -> None:
    columns = list(COLUMNS)
    reordered = [",".join(reversed(columns)), ",".join(reversed(ROW.format(slug="one").split(",")))]
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*reordered, "", ""]).encode())
    assert run(app, "import", str(file)).output == "Clinics: 1 added, 0 changed, 0 unchanged.\n"


def test_a_file_without_clinics_changes_nothing(app: Flask, file: Path) -> None:
    file.write_text(HEADER)
    assert run(app, "import", str(file)).output == "Clinics: 0 added, 0 changed, 0 unchanged.\n"


@pytest.mark.parametrize(("count", "shown"), [(1000, False), (1001, True)])
def test_progress_is_shown_beside_the_answer_for_many_rows(
    app: Flask, file: Path, count: int, *, shown: bool
) -> None:
    file.write_text(rows(*(f"clinic-{number}" for number in range(count))))
    done = run(app, "import", str(file))
    assert done.stdout == f"Clinics: {count:,} added, 0 changed, 0 unchanged.\n"
    assert ("Reading" in done.stderr, "Writing" in done.stderr) == (shown, shown)


def test_names_of_any_script_survive(app: Flask, file: Path) -> None:
    file.write_text(
        rows("one").replace("Example Clinic", '"Utqiaġvik ""Ön, Środę"" 診療所 🏥"'), encoding="utf-8"
    )
    run(app, "import", str(file))
    assert 'one,"Utqiaġvik ""Ön, Środę"" 診療所 🏥",' in run(app, "export").output


def test_the_first_network_is_listed_honestly(app: Flask) -> None:
    exported = run(app, "export").output
    assert f"{ANCHORAGE}," in exported
    assert exported.count("approximate") == 3
