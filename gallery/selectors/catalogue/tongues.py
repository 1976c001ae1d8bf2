"""What colours, media and engines are called elsewhere, so that `rouge` and `红色` find what is red.

Written as dictionaries have it in German, French, Spanish, Italian and Chinese. Words that mean something else to more
people than look for the colour (French “rose”) are left out. Engines are called as the house calls them elsewhere.
"""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils.translation import gettext, override

from generation.engines import registry
from generation.engines.errors import UnknownEngine

_NAMES = {
    "red": "rot rouge rojo rosso 红色",
    "orange": "naranja arancione 橙色",
    "yellow": "gelb jaune amarillo giallo 黄色",
    "green": "grün vert verde 绿色",
    "teal": "türkis turquoise turquesa turchese 青色",
    "blue": "blau bleu azul blu 蓝色",
    "purple": "violett violet morado viola 紫色",
    "pink": "rosa 粉色",
    "brown": "braun brun marrón marrone 棕色",
    "black": "schwarz noir negro nero 黑色",
    "grey": "gray grau gris grigio 灰色",
    "white": "weiß blanc blanco bianco 白色",
    "image": "bild imagen immagine 图像 图片",
    "animation": "film animación animazione 动画",
    "video": "vidéo vídeo 视频",
}


def names_of(engine: str, medium: str, colours: Iterable[str]) -> str:
    """Every other name of how a work was made, what it is and which colours it has, each once."""
    known = (_NAMES.get(one, "") for one in (medium, *colours))
    return " ".join(dict.fromkeys(" ".join([*known, _titles(engine)]).split()))


@cache
def _titles(engine: str) -> str:
    try:
        title = registry.declaration(engine).title
    except UnknownEngine:
        return ""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(gettext(title))
    return " ".join(said)
