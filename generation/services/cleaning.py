"""Turning what a stranger sent into a picture we can trust: upright, sRGB, eight bits, and nothing but pixels.

It is kept as PNG: lossless, any size, and the quickest of the lossless formats to read (WebP stops at 16,383 pixels
a side and takes several times as long to write).
"""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps

from generation.errors import UploadNotAnImage, UploadTooComplex, UploadTooManyPixels
from marketplace.core.languages import kept

MOST_SCANS = 100  # usual are one to ten, and a quarter of a second each at the most pixels
_SCAN = b"\xff\xda"
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif"})


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A PNG that holds pixels alone, and those pixels."""

    data: bytes
    image: Image.Image
    width: int
    height: int


def clean_picture(data: bytes) -> CleanPicture:
    """Decode, turn upright, convert to sRGB and encode again without metadata.

    Raises UploadNotAnImage, UploadTooManyPixels, UploadTooComplex.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns of decompression bombs; our own bound is checked before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _clean(data)
    except Image.DecompressionBombError as error:
        raise UploadTooManyPixels(_pixel_bound()) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError) as error:
        # What Pillow's decoders raise for files that are cut off, damaged or something else altogether.
        raise UploadNotAnImage(
            gettext("Send a JPEG, PNG, WebP or AVIF picture; this file is none, or is damaged.")
        ) from error


def _clean(data: bytes) -> CleanPicture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > settings.ATELIER.upload_max_pixels:
            raise UploadTooManyPixels(_pixel_bound())
        # A JPEG may paint the same pixels over and over again; each pass begins with this marker.
        if image.format == "JPEG" and data.count(_SCAN) > MOST_SCANS:
            raise UploadTooComplex(
                gettext("This JPEG is painted in more than %(most_scans)s passes; save it anew.")
                % {"most_scans": MOST_SCANS}
            )
        image.load()  # of an animation, the first frame
        upright = ImageOps.exif_transpose(image)
        plain = _flatten(_to_srgb(upright))
    # A new image carries no info, so no EXIF, XMP or profile can slip through the encoder.
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())
    out = io.BytesIO()
    bare.save(out, "PNG", compress_level=3)
    return CleanPicture(out.getvalue(), bare, bare.width, bare.height)


def _to_srgb(image: Image.Image) -> Image.Image:
    """Follow the embedded colour profile where it can be read; otherwise take the numbers as sRGB."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK", "L", "RGBA"}:
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    if turned is None:
        return image
    if alpha:
        turned.putalpha(alpha)
    return turned


def _flatten(image: Image.Image) -> Image.Image:
    """Eight bits of red, green and blue; what is transparent lies on white."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey: keep the upper eight instead of clipping.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _pixel_bound() -> str:
    return kept(f"Pictures may have at most {settings.ATELIER.upload_max_pixels // 1_000_000} million pixels.")
