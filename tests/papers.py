"""Papers as practices attach them, and such as nobody should: made on the spot, about nobody."""

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from portal.db import write
from portal.domain.files import Cleaned, FileKind, FileState, NewFile
from portal.ledger import files
from tests.build import NOW, stored

PLANTED = b"planted-7Q"
"""Stands in all that must not be kept."""
LETTER = (612.0, 792.0)


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Draw a red picture with a blue upper left corner."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((20, 20, 220), (0, 0, width // 2, height // 2))
    return image


def encoded(image: Image.Image, kind: str, **how: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


def jpeg() -> bytes:
    return encoded(picture(), "JPEG", quality=90)


def png() -> bytes:
    return encoded(picture(), "PNG")


def fax(pages: int = 3) -> bytes:
    """Scan pages as a fax does: black and white, twice as fine across as down."""
    page = Image.new("1", (1728, 1100), 1)
    page.paste(0, (100, 100, 900, 300))
    more = [page] * (pages - 1)
    return encoded(page, "TIFF", compression="group4", save_all=True, append_images=more, dpi=(204, 98))


def pdf(pages: int = 1, *, said: bytes = b"", **how: object) -> bytes:
    """Print empty pages; `said` is drawn on the first."""
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=LETTER)
        if said:
            made.pages[0].Contents = made.make_indirect(Stream(made, b"BT (" + said + b") Tj ET"))
        return saved(made, **how)


def saved(made: Pdf, **how: object) -> bytes:
    written = BytesIO()
    made.save(written, **how)  # type: ignore[arg-type]
    return written.getvalue()


def armed() -> bytes:
    """Make a PDF of one page that holds all that may act, lead away or tell of its writer."""
    text = String(PLANTED.decode())
    with pikepdf.new() as made:
        made.add_blank_page(page_size=LETTER)
        page, root = made.pages[0], made.Root
        script = Dictionary(S=Name.JavaScript, JS=text)
        link = Dictionary(S=Name.URI, URI=text)
        launch = Dictionary(S=Name.Launch, F=text)
        root.OpenAction = script
        root.AA = Dictionary(WC=script)
        root.Metadata = made.make_indirect(Stream(made, b"<x>" + PLANTED + b"</x>"))
        root.Outlines = made.make_indirect(Dictionary(Title=text, A=launch))
        root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_indirect(Stream(made, PLANTED)))
        root.Names = Dictionary(JavaScript=Dictionary(Names=Array([text, script])))
        made.attachments["x.exe"] = PLANTED
        page.AA = Dictionary(O=script)
        page.PieceInfo = Dictionary(X=text)
        page.Annots = Array(
            made.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array([0, 0, 9, 9]), A=act, T=text)
            )
            for kind, act in ((Name.Link, link), (Name.RichMedia, launch), (Name.FileAttachment, script))
        )
        made.docinfo["/Author"] = text
        return saved(made, compress_streams=False)


def armed_within() -> bytes:
    """Make a PDF that holds what acts or is attached in the things that draw its page, and in its layers."""
    text = String(PLANTED.decode())
    with pikepdf.new() as made:
        made.add_blank_page(page_size=LETTER)
        script = made.make_indirect(Dictionary(S=Name.JavaScript, JS=text))
        held = Stream(made, PLANTED, Type=Name.EmbeddedFile)
        attached = made.make_indirect(Dictionary(F=text, EF=Dictionary(UF=made.make_indirect(held))))
        told = Dictionary(Type=Name.Filespec, F=text)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, X=Array([1, [script]]))
        made.Root.Lang = script
        made.Root.OCProperties = Dictionary(
            OCGs=Array([]), D=Dictionary(Name=text, Creator=text, ON=Array([attached])), X=script, Y=attached
        )
        made.pages[0].Resources = Dictionary(
            Properties=Dictionary(A=attached, B=script, C=Dictionary(Note=text), D=Dictionary(JS=text)),
            Font=Dictionary(F1=font),
            ExtGState=Dictionary(G1=Dictionary(Next=Dictionary(URI=text, S=Name.URI), File=told)),
            XObject=Dictionary(X1=made.make_indirect(held)),
        )
        return saved(made, compress_streams=False)


def layered() -> bytes:
    """Make a PDF with a layer that is hidden; its writer left a name on it."""
    text = String(PLANTED.decode())
    with pikepdf.new() as made:
        made.add_blank_page(page_size=LETTER)
        used = Dictionary(CreatorInfo=Dictionary(Creator=text))
        layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Notes"), Usage=used))
        made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        made.pages[0].Resources = Dictionary(
            # Whoever makes a PDF gives these names, so they say nothing of what stands behind them.
            Font=Dictionary(EF=Dictionary(Type=Name.Font), S=Dictionary(Type=Name.Font)),
            Properties=Dictionary(Hidden=layer),
        )
        return saved(made)


def filled_form() -> bytes:
    """Make a PDF with a field that somebody filled in."""
    with pikepdf.new() as made:
        made.add_blank_page(page_size=LETTER)
        look = Stream(made, b"BT /F 12 Tf (Two trials) Tj ET")
        look.stream_dict.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 20])))
        field = made.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("reason"), V=String("Two trials"),
                F=4, Rect=Array([50, 50, 250, 70]), AP=Dictionary(N=made.make_indirect(look)),
            )
        )  # fmt: skip
        made.pages[0].Annots = Array([field])
        made.Root.AcroForm = Dictionary(Fields=Array([field]))
        return saved(made)


def unpacked(kept: bytes) -> bytes:
    """Return a PDF with all of its streams open, so that one can look for words in it."""
    with Pdf.open(BytesIO(kept)) as found:
        return saved(
            found,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )


def attached(reference: str, content: bytes = b"%PDF-", *, state: FileState = FileState.CLEAN) -> str:
    """Keep a letter with a referral, and return its name for addresses."""
    cleaned = Cleaned(kind=FileKind.PDF, content=content)
    with write() as session:
        new = NewFile(title="Letter.pdf", cleaned=cleaned, state=state)
        return files.store(session, new, now=NOW, referral_id=stored(reference).id)
