"""Pictures, drawn anew from their points: nothing but the points is kept, and a fax of many pages becomes a PDF."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

from pikepdf import Pdf
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from portal.domain.errors import NotTaken
from portal.domain.files import Cleaned, FileKind

POINTS_MOST = 40_000_000
"""A letter page at 600 points an inch is 34 million."""
PAGES_MOST = 300
FAX_DPI = (204.0, 196.0)
DPI = (50, 1_200)
"""What a scanner may say of itself; anything else is a slip."""
TOO_LARGE = "This picture has {} megapixels, and 40 is the most. Make it smaller or scan it more coarsely, and add that."
BROKEN = "This picture is broken or not whole. Open it, save it again, and add that."
MANY_PAGES = "This TIFF has more than 300 pages. Add the parts that matter for this referral."
JPEG_QUALITY = 85

# The limit stands here, in our words, before anything is drawn.
Image.MAX_IMAGE_PIXELS = None
# Whatever asks for a format by its name finds it now; later nothing can be imported.
Image.init()


def clean_jpeg(sent: bytes) -> Cleaned:
    """Return a JPEG of the same points and the same quality; raise NotTaken."""
    with _opened(sent, "JPEG") as image:
        how: dict[str, object] = {"quality": JPEG_QUALITY}
        if isinstance(image, JpegImageFile) and image.mode in {"L", "RGB"}:
            how = {"qtables": image.quantization, "subsampling": get_sampling(image)}
        drawn = _drawn(image)
        drawn = drawn if drawn.mode in {"L", "RGB"} else drawn.convert("RGB")
        return Cleaned(kind=FileKind.JPEG, content=_written(drawn, "JPEG", **how))


def clean_png(sent: bytes) -> Cleaned:
    """Return a PNG of the same points; raise NotTaken."""
    with _opened(sent, "PNG") as image:
        return Cleaned(kind=FileKind.PNG, content=_written(_drawn(image), "PNG"))


def clean_tiff(sent: bytes) -> Cleaned:
    """Return a PDF with a page for each picture of a TIFF; raise NotTaken."""
    with _opened(sent, "TIFF") as image, Pdf.new() as pdf:
        for page in _pages(image):
            with Pdf.open(BytesIO(page)) as one:
                pdf.pages.extend(one.pages)
        written = BytesIO()
        pdf.save(written, fix_metadata_version=False)
        return Cleaned(kind=FileKind.PDF, content=written.getvalue(), pages=len(pdf.pages))


CLEANED: Mapping[bytes, Callable[[bytes], Cleaned]] = {
    b"\xff\xd8\xff": clean_jpeg,
    b"\x89PNG\r\n\x1a\n": clean_png,
    b"II*\x00": clean_tiff,
    b"MM\x00*": clean_tiff,
}
"""Who cleans a picture, by the bytes with which it begins."""


def _opened(sent: bytes, kind: str) -> Image.Image:
    """Return a picture of which only the head was read; raise NotTaken."""
    try:
        image = Image.open(BytesIO(sent), formats=[kind])
    except (OSError, SyntaxError, ValueError, TypeError, KeyError):
        raise NotTaken(BROKEN) from None
    _refuse_large(image)
    return image


def _refuse_large(image: Image.Image) -> None:
    points = image.width * image.height
    if points > POINTS_MOST:
        raise NotTaken(TOO_LARGE.format(f"{points / 1_000_000:,.0f}"))


def _drawn(image: Image.Image) -> Image.Image:
    """Return its points alone, upright, in grey or sRGB; raise NotTaken when they are not all there."""
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
    # Each format has its own way of finding that something is missing.
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError):
        raise NotTaken(BROKEN) from None
    plain = _plain(upright)
    plain.info = {}
    return plain


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits a point: the upper eight can be seen.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"1", "L", "LA"}:
        return image.copy()
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            made = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except (ImageCms.PyCMSError, OSError):
            # A profile that cannot be read tells nothing.
            made = None
        if made:
            return made
    return image.convert(wanted)


def _pages(image: Image.Image) -> Iterator[bytes]:
    """Yield each picture of a TIFF as a PDF of one page; raise NotTaken."""
    try:
        count = getattr(image, "n_frames", 1)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError):
        raise NotTaken(BROKEN) from None
    if count > PAGES_MOST:
        raise NotTaken(MANY_PAGES)
    for number in range(count):
        try:
            image.seek(number)
        except (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError):
            raise NotTaken(BROKEN) from None
        _refuse_large(image)
        dpi = _dpi(image)
        drawn = _drawn(image)
        drawn = drawn if drawn.mode in {"1", "L", "RGB"} else drawn.convert("RGB")
        # Black and white stays as a fax packs it, which knows no quality.
        how = {} if drawn.mode == "1" else {"quality": JPEG_QUALITY}
        yield _written(drawn, "PDF", dpi=dpi, **how)


def _dpi(image: Image.Image) -> tuple[float, float]:
    least, most = DPI
    across, down = image.info.get("dpi", FAX_DPI)
    return (float(across), float(down)) if least <= across <= most and least <= down <= most else FAX_DPI


def _written(image: Image.Image, kind: str, **how: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()
