"""The page of a certificate: the picture, what is certified of it, and the code that leads to its verification.

What counts is the signed JSON that is attached to the file: what is drawn is for people's eyes.
"""

import json
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from marketplace.core.languages import in_both, translated
from marketplace.core.paper import Sheet
from marketplace.core.paper.sheet import INK
from marketplace.orders.models import Certificate
from marketplace.orders.selectors import said_by

ATTACHED = "certificate.json"
WIDEST, TALLEST = 166, 128  # millimetres: the room for the picture
CODE = 27  # millimetres: the side of the code
LABEL = 26  # millimetres: the column of what each fact is
JPEG_QUALITY = 93


def draw(certificate: Certificate, picture: bytes | None) -> bytes:
    """The PDF (PDF/A-3, the signed certificate attached); `picture` is any file that Pillow reads."""
    said, address = said_by(certificate), verification_of(certificate)
    house = settings.ATELIER.house_name
    sheet = Sheet(
        title=f"{_label(_('Certificate of authenticity'))}: {said['work']['title']}",
        author=house,
        text=f"{certificate.document} {address}",
        moment=certificate.created_at,
        foot=f"{house} · {address}",
    )
    sheet.set_auto_page_break(False)
    if picture is not None:
        _picture(sheet, picture)
    _title(sheet, said)
    _facts(sheet, certificate, said)
    _code(sheet, address)
    _attach(sheet, certificate, said)
    return sheet.done()


def verification_of(certificate: Certificate) -> str:
    """The page that says whether it is genuine, and whether it still holds."""
    return f"{said_by(certificate)['house'].rstrip('/')}/certificates/{certificate.pk}/"


def attachment(certificate: Certificate, said: dict[str, Any]) -> bytes:
    """What the API gives of it, with the public key besides: enough to check the file by itself."""
    told = {"certificate": said, "signature": certificate.signature, "key": certificate.key_id}
    return json.dumps(told | {"public": certificate.key.public}, ensure_ascii=False, indent=1).encode()


def _picture(sheet: Sheet, picture: bytes) -> None:
    with Image.open(BytesIO(picture)) as opened:
        shown = opened.convert("RGB")
    encoded = BytesIO()
    shown.save(encoded, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    scale = min(WIDEST / shown.width, TALLEST / shown.height)
    width, height = shown.width * scale, shown.height * scale
    sheet.image(encoded, x=(sheet.w - width) / 2, y=sheet.t_margin, w=width, h=height)
    sheet.set_y(sheet.t_margin + height + 11)


def _title(sheet: Sheet, said: dict[str, Any]) -> None:
    work, edition = said["work"], said["edition"]
    sheet.kicker(_label(_("Certificate of authenticity")))
    sheet.ln(1)
    size = 26 if len(work["title"]) < 42 else 18
    sheet.write_line(work["title"], size, height=size * 0.45)
    sheet.ln(1)
    *own, english = in_both(lambda: _by_whom(work["artist"], edition["number"], edition["of"]))
    for told in own:
        sheet.write_line(told, 13)
    sheet.write_line(english, 13, italic=True)
    sheet.rule(5, 5)


def _by_whom(artist: str, number: int, of: int | None) -> str:
    """by Vera Ink, number 3 of 10."""
    said = {"artist": artist, "number": number, "of": of}
    if of:
        return gettext("by %(artist)s, number %(number)s of %(of)s") % said
    return gettext("by %(artist)s, number %(number)s of an open edition") % said


def _label(text: str) -> str:
    """Owner; 所有人 Owner."""
    return " ".join(in_both(lambda: gettext(text)))


def _facts(sheet: Sheet, certificate: Certificate, said: dict[str, Any]) -> None:
    recipe, width = said["recipe"], sheet.epw - CODE - 8
    facts = [
        (_("Owner"), " ".join(in_both(lambda: translated(said["owner"])))),
        (_("Licence"), " ".join(in_both(lambda: translated(said["licence"]["title"])))),
        (_("Issued"), said["issued_at"][:10]),
        (_("Made by"), f"{recipe['engine']} {recipe['engine_version']}, {_label(_('seed'))} {recipe['seed']}"),
    ]
    top = sheet.get_y()
    for label, fact in facts:
        _fact(sheet, label, fact, width, 10.5)
    sheet.set_y(max(sheet.get_y(), top + CODE) + 4)
    proofs = [(_("Recipe"), recipe["sha256"]), (_("Picture"), said["work"]["file_sha256"] or "—")]
    proofs += [(_("Model"), recipe["model_sha256"])] if recipe["model_sha256"] else []
    for label, fact in [*proofs, (_("Signature"), certificate.signature), (_("Key"), certificate.key_id)]:
        _fact(sheet, label, fact, sheet.epw, 7.5)  # a signature is one line
    sheet.set_y(top)


def _fact(sheet: Sheet, label: str, fact: str, width: float, size: float) -> None:
    top, height = sheet.get_y(), size * 0.56
    sheet.row([_label(label)], [LABEL], ["L"], size=8, soft=True, height=height)
    sheet.set_xy(sheet.l_margin + LABEL, top)
    sheet.paragraph(fact, size, width=width - LABEL, height=height)


def _code(sheet: Sheet, address: str) -> None:
    """The QR code, its squares drawn one by one: it stays sharp at any size."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    squares = code.get_matrix()
    side, left, top = CODE / len(squares), sheet.w - sheet.r_margin - CODE, sheet.get_y()
    sheet.set_fill_color(*INK)
    for row, line in enumerate(squares):
        for column, dark in enumerate(line):
            if dark:
                sheet.rect(left + column * side, top + row * side, side, side, style="F")
    sheet.link(left, top, CODE, CODE, address)
    sheet.set_xy(left, top + CODE + 1)
    sheet.row([gettext("Scan to verify")], [CODE], ["R"], size=7.5, soft=True, height=4)


def _attach(sheet: Sheet, certificate: Certificate, said: dict[str, Any]) -> None:
    sheet.embed_file(
        bytes=attachment(certificate, said),
        basename=ATTACHED,
        mime_type="application/json",
        modification_date=certificate.created_at,
        associated_file_relationship="Source",
        desc="The signed certificate",
    )
