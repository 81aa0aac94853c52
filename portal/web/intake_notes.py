"""What is known of an answer, said beside its field: how it was understood, and what to check. None of it stops anybody."""

from collections.abc import Iterator, Mapping

from portal.domain import diagnoses, icd10
from portal.domain.icd10 import Code
from portal.domain.intake import Typed
from portal.domain.vocabulary import Condition
from portal.queries.codes import get_codes, get_diagnoses
from portal.web.forms.referral import CODE

OTHERS = "diagnosis.others"


def of(typed: Typed) -> Mapping[str, tuple[str, ...]]:
    """Return sentences by the name of the field they stand beside."""
    code = next(iter(_found(typed.get(CODE, ""))), None)
    others = _found(typed.get(OTHERS, ""))
    clashes = diagnoses.conflicts([code, *others] if code else others, get_diagnoses())
    return {
        CODE: tuple(_primary(code, typed.get("condition", ""))) if code else (),
        OTHERS: (*map(str, others), *map(_check, clashes)),
    }


def checks(typed: Typed) -> Mapping[str, str]:
    """Return what to check, without how it was understood, for a page that says that itself."""
    found = {
        name: [said for said in notes if said.startswith("Check: ")] for name, notes in of(typed).items()
    }
    return {name: "\n".join(said) for name, said in found.items() if said}


def _primary(code: Code, condition: str) -> Iterator[str]:
    yield str(code)
    if condition in set(Condition):
        wrong = diagnoses.mismatch(code, Condition(condition), get_diagnoses())
        if wrong:
            yield _check(wrong)


def _check(said: str) -> str:
    return f"Check: {said.removesuffix('.')}."


def _found(typed: str) -> list[Code]:
    return [found for found in map(_find, icd10.parted(typed, get_codes())) if found]


def _find(typed: str) -> Code | None:
    try:
        return icd10.read(typed, get_codes())
    except ValueError:
        return None
