"""What listings are called and by whom: common words by Zipf's law, a long tail of rare ones, and Chinese titles."""

import numpy as np

_NOUNS_TEXT = """study field drift nocturne river garden noise horizon signal tide grid winter ember mirror orchard
 storm window lattice dust harbour bloom echo thread cathedral glacier comet meadow shadow ritual archive circuit delta
 fugue halo island jungle kite lantern marsh needle oracle prism quarry reef silence tundra umbra valley whirl xylem
 yarrow zenith anchor basalt canyon dune estuary fjord grotto hollow iris juniper karst lagoon monsoon nebula opal
 pollen quartz ridge savanna thicket undergrowth vortex willow attractor manifold gradient latent portrait seascape
 still life dance machine dream memory fragment sequence variation permutation migration weather static symmetry"""
_KINDS_TEXT = """silent crimson pale second last broken slow electric northern hidden folded burning liquid distant
 small blue green golden violet black white scarlet copper salted woven recursive infinite early late unfinished soft
 brutal quiet hollow weightless tidal magnetic ultramarine ochre indigo feral gentle patient restless luminous opaque"""
_SYLLABLES_TEXT = """ba ke li mo nu ra se ti vo za dre fyn gal hor ith jor kal lum mer nys oph pra quil ros sten tal
 urn vel wyn xan"""
_NAMES_TEXT = """Ada Bram Chiara Dag Elif Femi Greta Hana Ines Jonas Kofi Lena Mei Noor Olga Pavel Qing Rosa Sami
 Tove"""
_NOUNS, _KINDS, _SYLLABLES, _FIRST_NAMES = (
    text.split() for text in (_NOUNS_TEXT, _KINDS_TEXT, _SYLLABLES_TEXT, _NAMES_TEXT)
)
_BETWEEN = ["of", "and", "after", "beneath", "without", "against", "in", "for"]
_CHINESE_FIRST = "春夏秋冬云雨风雪月夜江湖山海星河晨暮梦影青红白墨金竹梅兰荷松石花水火光雾霜潮沙镜"
_CHINESE_SECOND = "景色声意图记歌语境深远近行归落起流静空寂舞影痕纹波光林园亭桥舟灯窗城塔泉岸峰谷原野"
_CHINESE_THIRD = ["之一", "之二", "组曲", "习作", "印象", "手稿", "回声", "变奏", "草图", "夜曲", "长卷", "小品"]
RARE_WORDS = 30_000
ZIPF = 1.1


class Vocabulary:
    """Titles and names out of one generator: the same seed gives the same ones."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        made = rng.integers(0, len(_SYLLABLES), (RARE_WORDS, 3))
        self.rare = ["".join(_SYLLABLES[part] for part in word) for word in made]

    def titles(self, count: int) -> list[str]:
        """One in six Chinese; half of the rest with a rare word; no more than the model's 120 characters."""
        nouns = self._zipf(len(_NOUNS), (count, 2))
        hows = self._zipf(len(_KINDS), (count,))
        rares = self._zipf(RARE_WORDS, (count,))
        kinds = self.rng.choice(6, count)
        betweens = self.rng.integers(0, len(_BETWEEN), count)
        chinese = self.rng.integers(0, [len(_CHINESE_FIRST), len(_CHINESE_SECOND), len(_CHINESE_THIRD)], (count, 3))
        numbers = self.rng.integers(1, 400, count)
        said = []
        for n in range(count):
            first, second = _NOUNS[nouns[n, 0]], _NOUNS[nouns[n, 1]]
            how, rare, between = _KINDS[hows[n]], self.rare[rares[n]].capitalize(), _BETWEEN[betweens[n]]
            one, two, three = chinese[n]
            said.append((
                _CHINESE_FIRST[one] + _CHINESE_SECOND[two] + _CHINESE_THIRD[three],
                f"{how.capitalize()} {first} No. {numbers[n]}",
                f"{rare}, {how} {first}",
                f"The {first} {between} {rare}",
                f"{first.capitalize()} {between} {second}",
                f"{rare} {first} {numbers[n]}",
            )[kinds[n]])  # fmt: skip
        return said

    def names(self, count: int) -> list[str]:
        """Artists' names; a tenth Chinese. None is like another."""
        chinese = self.rng.integers(0, [len(_CHINESE_FIRST), len(_CHINESE_SECOND)], (count, 2))
        firsts = self.rng.integers(0, len(_FIRST_NAMES), count)
        found = []
        for n in range(count):
            if n % 10 == 0:
                found.append(f"{_CHINESE_FIRST[chinese[n, 0]]}{_CHINESE_SECOND[chinese[n, 1]]}{n}")
            else:
                found.append(f"{_FIRST_NAMES[firsts[n]]} {self.rare[n % RARE_WORDS].capitalize()} {n}")
        return found

    def misspelt(self, word: str) -> str:
        """The word with two letters exchanged, one left out or one wrong, as fingers do."""
        at = int(self.rng.integers(1, len(word) - 1))
        kind = int(self.rng.integers(0, 3))
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind == 1:
            return word[:at] + word[at + 1 :]
        return word[:at] + "aeiou"[int(self.rng.integers(0, 5))] + word[at + 1 :]

    def _zipf(self, size: int, shape: tuple[int, ...]) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
        weights = 1.0 / np.arange(1, size + 1) ** ZIPF
        return self.rng.choice(size, shape, p=weights / weights.sum())
