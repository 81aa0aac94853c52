"""PDFs, written anew with what is printed on their pages; what acts, leads away or tells of its writer stays behind.

What is kept is listed, not what goes: of the document its pages, of a page what draws it. Forms and notes are drawn
into the page first, so that what somebody filled in can still be read. What acts is taken out of all that is left
too: a thing that draws may hold anything beside what it is read for.
"""

from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Object, PasswordError, Pdf, PdfError

from portal.domain.errors import NotTaken
from portal.domain.files import Cleaned, FileKind, refuse_notes
from portal.gateways.cleaning.stripping import keep, strip

HEAD = b"%PDF-"
PAGES_MOST = 2_000
OF_DOCUMENT = {"/Type", "/Pages", "/Version", "/Lang", "/OCProperties"}
"""The last says which layers are hidden: without it they would be seen."""
OF_LAYERS = {"/OCGs", "/D"}
OF_SHOWN = {"/BaseState", "/ON", "/OFF", "/Intent"}
OF_PAGE = {
    *("/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox"),
    *("/Rotate", "/UserUnit", "/Contents", "/Group"),
}
PASSWORD = "This PDF has a password. Save it without one, and add that."  # noqa: S105
PROTECTED = "This PDF is protected against changes. Print it to a new PDF, and add that."
BROKEN = "This PDF is broken or not finished. Open it, save it as a new PDF, and add that."
NO_PAGES = "This PDF has no pages. Check it, and add it again."
MANY_PAGES = "This PDF has more than 2,000 pages. Add the parts that matter for this referral."
TOLD = ("/Title", "/Subject", "/Keywords")

# For an encrypted file the library wants the system's source of chance, and keeps it: later nothing can be opened.
Pdf.new().save(BytesIO(), encryption=pikepdf.Encryption(owner="x", user="x"))


def clean(sent: bytes) -> Cleaned:
    """Return a PDF with the pages of the one that was sent; raise NotTaken."""
    try:
        with pikepdf.open(BytesIO(sent), attempt_recovery=False, suppress_warnings=True) as pdf:
            return _clean(pdf)
    except PasswordError:
        raise NotTaken(PASSWORD) from None
    # The library raises these too, for what stands where something else should.
    except (PdfError, AttributeError, KeyError, TypeError, ValueError, IndexError, RuntimeError):
        raise NotTaken(BROKEN) from None


def _clean(pdf: Pdf) -> Cleaned:
    if pdf.is_encrypted:
        raise NotTaken(PROTECTED)
    pages = len(pdf.pages)
    if not 0 < pages <= PAGES_MOST:
        raise NotTaken(MANY_PAGES if pages else NO_PAGES)
    refuse_notes(*(str(pdf.docinfo.get(name, "")) for name in TOLD))
    _draw_forms(pdf)
    for page in pdf.pages:
        keep(page.obj, OF_PAGE)
    keep(pdf.Root, OF_DOCUMENT)
    _keep_layers(pdf.Root)
    strip(pdf.Root)
    return Cleaned(kind=FileKind.PDF, content=_written(pdf), pages=pages)


def _draw_forms(pdf: Pdf) -> None:
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and form.get(Name.NeedAppearances, False):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("print")


def _keep_layers(root: Object) -> None:
    layers = root.get(Name.OCProperties)
    if isinstance(layers, Dictionary) and isinstance(layers.get(Name.D), Dictionary):
        keep(layers, OF_LAYERS)
        keep(layers.D, OF_SHOWN)
    else:
        keep(root, OF_DOCUMENT - {"/OCProperties"})


def _written(pdf: Pdf) -> bytes:
    for key in set(pdf.trailer.keys()) - {"/Root", "/Size"}:
        del pdf.trailer[key]
    written = BytesIO()
    pdf.save(
        written,
        # Every stream is opened and closed again: one that does not open is broken.
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        compress_streams=True,
        recompress_flate=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return written.getvalue()
