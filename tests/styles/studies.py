"""Studies: pictures that show one manner of making, each drawn by a few lines of code and nothing else."""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.styles.brushes import (
    SIDE,
    blend,
    cells,
    cloud,
    glow,
    paper,
    relief,
    rgb,
    shaken,
    steady,
    strokes,
    swirl,
)

Rng = np.random.Generator
Study = Callable[[Rng], Image.Image]


def charcoal(rng: Rng) -> Image.Image:
    """Soft black on rough paper, smudged and drawn over."""
    ground = blend(["#1c1b1a", "#6b6864", "#d8d3c8", "#ece7dc"], cloud(rng, 220) ** 0.8)
    ground = strokes(
        ground, rng, ["#151413", "#2b2927"], count=260, length=90, width=7, field=swirl(rng, 0.5, 0.9), opacity=110
    )
    ground = ground.filter(ImageFilter.GaussianBlur(1.6))
    return paper(
        strokes(ground, rng, ["#0e0d0d"], count=160, length=70, width=2, field=swirl(rng, 0.4, 0.9), opacity=190),
        rng,
        24,
    )


def hatching(rng: Rng) -> Image.Image:
    """Pencil lines crossed over one another, closer where it is dark."""
    dark, image = cloud(rng, 200), Image.new("RGB", (SIDE, SIDE), "#f3efe6")
    draw = ImageDraw.Draw(image)
    for layer, angle in enumerate((0.8, -0.7, 0.1, 1.5)):
        for _ in range(2600):
            x, y = rng.random(2) * SIDE
            if dark[int(y), int(x)] > 0.25 + layer * 0.18:
                reach, turn = rng.uniform(14, 34), angle + rng.normal(0, 0.05)
                end = (x + math.cos(turn) * reach, y + math.sin(turn) * reach)
                draw.line([(x, y), end], fill=shaken(rng, "#4a4a4d", 22), width=1)
    return paper(image, rng, 7)


def watercolour(rng: Rng) -> Image.Image:
    """Washes that ran into one another and dried with an edge."""
    pixels = np.full((SIDE, SIDE, 3), rgb("#fbf8f0"), float)
    for colour in ["#8fb8d6", "#e9b7a8", "#a8c9a0", "#c9b3dc", "#f0d48a", "#6f9fc4", "#d98f9a", "#7db3a8"]:
        shape = cloud(rng, 190, 5)
        inside = np.clip((shape - 0.55) * 14, 0, 1)
        edge = np.exp(-(((shape - 0.56) * 60) ** 2))
        share = (inside * (0.28 + 0.25 * cloud(rng, 120)) + edge * 0.3)[..., None]
        pixels *= 1 - share * (1 - np.array(rgb(colour)) / 255)
    return paper(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), rng, 5)


def points(rng: Rng) -> Image.Image:
    """Dots of pure colour side by side, each beside its opposite."""
    ground = blend(["#2e4a8f", "#4f86b8", "#b8c97a", "#f2d25c", "#ee9a4d"], cloud(rng, 260))
    image = ground.copy()
    draw = ImageDraw.Draw(image)
    pure = ["#d9412b", "#f2a516", "#2b5fb0", "#3a8f4d", "#8a4f9e", "#f6e27a", "#5cb3c9"]
    for _ in range(11000):
        x, y = rng.random(2) * SIDE
        under = ground.getpixel((int(x), int(y)))
        near = "#{:02x}{:02x}{:02x}".format(*under) if rng.random() < 0.68 else str(rng.choice(pure))  # type: ignore[misc]
        size = rng.uniform(2.2, 4.2)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=shaken(rng, near, 16))
    return image


def stained_glass(rng: Rng) -> Image.Image:
    """Panes of deep colour between black leads, lit from behind."""
    owner, border = cells(rng, 70)
    panes = [rgb(c) for c in ["#8e1b2e", "#1d3f9a", "#0f7a6c", "#e0a51c", "#5b2a86", "#1f8fc0", "#c4531d", "#2f7d32"]]
    chosen = np.array([panes[number] for number in rng.integers(0, len(panes), 70)], float)
    light = 0.65 + 0.6 * cloud(rng, 90)
    pixels = chosen[owner] * light[..., None]
    pixels[border < 7] = rgb("#0b0a0c")
    return glow(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), 5, 0.35)


def mosaic(rng: Rng) -> Image.Image:
    """Small stones in rows, gold among blue and green, grout between."""
    colours = blend(["#123a6b", "#1f6f8b", "#3f8f7a", "#c9a23c", "#e8cf7f", "#a2472f"], cloud(rng, 240, 3))
    image = Image.new("RGB", (SIDE, SIDE), "#3b362f")
    draw, field, step = ImageDraw.Draw(image), swirl(rng, 0.35), 16
    for y in range(0, SIDE, step):
        for x in range(0, SIDE, step):
            turn = field(x / SIDE, y / SIDE)
            corners = [turn + math.pi / 4 + quarter * math.pi / 2 for quarter in range(4)]
            under = "#{:02x}{:02x}{:02x}".format(*colours.getpixel((x, y)))  # type: ignore[misc]
            centre = x + step / 2, y + step / 2
            shape = [(centre[0] + 9.6 * math.cos(a), centre[1] + 9.6 * math.sin(a)) for a in corners]
            draw.polygon(shape, fill=shaken(rng, under, 20))
    return relief(image, 0.5)


def linocut(rng: Rng) -> Image.Image:
    """Black ink from a cut block: gouge marks in white, no greys."""
    field = swirl(rng, 0.9)
    image = Image.new("RGB", (SIDE, SIDE), "#111111")
    light = cloud(rng, 230, 2)
    draw = ImageDraw.Draw(image)
    for _ in range(2600):
        x, y = rng.random(2) * SIDE
        if light[int(y), int(x)] < 0.42:
            continue
        angle, reach = field(x / SIDE, y / SIDE), rng.uniform(14, 40)
        aside = np.array([-math.sin(angle), math.cos(angle)]) * rng.uniform(1.2, 3.2)
        along = np.array([math.cos(angle), math.sin(angle)]) * reach
        start = np.array([x, y])
        draw.polygon([tuple(start + aside), tuple(start + along), tuple(start - aside)], fill="#f4f1e8")
    return image


def palette_knife(rng: Rng) -> Image.Image:
    """Slabs of sunset laid on with a knife."""
    rows = np.mgrid[0:SIDE, 0:SIDE][0] / SIDE
    image = blend(
        ["#3a1f5c", "#8c2f6b", "#e2533f", "#f79b3a", "#ffd873", "#f2703c", "#3b2a66"],
        rows * 0.8 + cloud(rng, 200) * 0.25,
    )
    for width, count in ((34, 420), (20, 700), (11, 700)):
        image = strokes(
            image, rng, None, count=count, length=width * 2.6, width=width, field=steady(0.12, 0.35, rng), shake=26
        )
    return relief(image, 2.2)


def neon(rng: Rng) -> Image.Image:
    """Tubes of light over wet asphalt at night."""
    image = blend(["#05060c", "#0b1026", "#1a0f33"], cloud(rng, 200))
    image = strokes(
        image,
        rng,
        ["#ff2fa0", "#22e0ff", "#8a4dff", "#ff7ad1", "#3affc3"],
        count=46,
        length=260,
        width=5,
        field=swirl(rng, 0.7),
        shake=8,
    )
    image = glow(glow(image, 4, 1.3), 16, 1.2)
    return strokes(image, rng, ["#fff0fb", "#e6feff"], count=16, length=200, width=2, field=swirl(rng, 0.7), shake=4)


def paper_cuts(rng: Rng) -> Image.Image:
    """Leaves and seaweeds cut from painted paper, laid flat."""
    image = Image.new("RGB", (SIDE, SIDE), "#f5efe0")
    draw = ImageDraw.Draw(image)
    cut = ["#1f4fa3", "#e8452c", "#f2b41f", "#1d8a5b", "#111318", "#f28aa8", "#5fb6d9", "#f5efe0"]
    for row in range(4):
        for column in range(4):
            box = (column * 128, row * 128, column * 128 + 128, row * 128 + 128)
            draw.rectangle(box, fill=str(rng.choice(cut)))
    for _ in range(34):
        x, y, turn = rng.random() * SIDE, rng.random() * SIDE, rng.random() * 6.3
        size, lobes = rng.uniform(34, 78), int(rng.integers(3, 8))
        around = np.linspace(0, 2 * math.pi, 90)
        reach = size * (0.55 + 0.45 * np.cos(lobes * around + rng.random() * 6)) * (0.8 + 0.2 * np.cos(around))
        draw.polygon(
            [(x + r * math.cos(a + turn), y + r * math.sin(a + turn)) for a, r in zip(around, reach, strict=True)],
            fill=str(rng.choice(cut)),
        )
    return image


def blueprint(rng: Rng) -> Image.Image:
    """White lines and circles on Prussian blue, as a plan is copied."""
    image = blend(["#0d2f66", "#16448c", "#1b4f9c"], cloud(rng, 200))
    draw = ImageDraw.Draw(image)
    for place in range(0, SIDE, 16):
        faint = "#2f62ac" if place % 64 else "#6f9ad4"
        draw.line([(place, 0), (place, SIDE)], fill=faint)
        draw.line([(0, place), (SIDE, place)], fill=faint)
    for _ in range(40):
        x, y, size = rng.random() * SIDE, rng.random() * SIDE, rng.uniform(12, 110)
        if rng.random() < 0.5:
            draw.ellipse((x - size, y - size, x + size, y + size), outline="#e6f0ff", width=2)
        else:
            draw.rectangle((x, y, x + size, y + size * 0.6), outline="#d5e5fb", width=2)
        draw.line([(x - size, y), (x + size, y)], fill="#a9c6ee")
    return paper(image, rng, 6)


def gilded(rng: Rng) -> Image.Image:
    """Spirals and eyes of gold on black and wine red."""
    image = blend(["#1a0d0a", "#5a1420", "#a87718", "#d9a52f", "#f3d679"], cloud(rng, 150, 3) ** 0.9)
    draw = ImageDraw.Draw(image)
    for _ in range(120):
        x, y, size, way = rng.random() * SIDE, rng.random() * SIDE, rng.uniform(12, 46), rng.choice([-1, 1])
        around = np.linspace(0, 5 * math.pi, 80)
        curl = [(x + size * a / 15 * math.cos(way * a), y + size * a / 15 * math.sin(way * a)) for a in around]
        draw.line(curl, fill=shaken(rng, str(rng.choice(["#f7dd7c", "#2a0f0d", "#c98f1d", "#fff1b8"])), 10), width=3)
    for _ in range(170):
        x, y, size = rng.random() * SIDE, rng.random() * SIDE, rng.uniform(3, 9)
        fill = str(rng.choice(["#f4cf5a", "#7a1226", "#10243f", "#efe3c2"]))
        draw.rectangle((x, y, x + size, y + size * 1.6), fill=fill, outline="#1b0e08")
    return relief(image, 0.8)


def pastel(rng: Rng) -> Image.Image:
    """Soft chalks, rose and sky blue and butter, rubbed into tinted paper."""
    image = blend(["#a9c4e6", "#cdb8e0", "#f3c3cf", "#f8dfae", "#cfe6cf"], cloud(rng, 260, 3))
    image = strokes(image, rng, None, count=2400, length=38, width=7, field=swirl(rng, 0.5, 0.8), shake=18, opacity=120)
    image = strokes(
        image,
        rng,
        ["#fdf3ee", "#f7cfd8", "#bcd6f2", "#fbeec2"],
        count=900,
        length=30,
        width=3,
        field=swirl(rng, 0.5, 0.8),
        opacity=130,
    )
    return paper(image.filter(ImageFilter.GaussianBlur(0.8)), rng, 16)


def ink_wash(rng: Rng) -> Image.Image:
    """Black ink and much water on white paper, with a few quick strokes."""
    shape = cloud(rng, 210, 5)
    image = blend(["#2a2b2e", "#6f7174", "#b9babb", "#efeee9", "#f8f7f2", "#f8f7f2"], shape)
    image = strokes(
        image, rng, ["#101113", "#1d1e21"], count=46, length=170, width=9, field=swirl(rng, 0.5), shake=5, opacity=170
    )
    image = image.filter(ImageFilter.GaussianBlur(1.1))
    return paper(
        strokes(image, rng, ["#08080a"], count=60, length=80, width=2, field=swirl(rng, 0.6), shake=3, opacity=220),
        rng,
        5,
    )


def storm(rng: Rng) -> Image.Image:
    """Grey-green water and torn cloud, laid on thick and driven by wind."""
    image = blend(["#0d1a26", "#1f3d4d", "#3f6671", "#7f979a", "#c9cdc2", "#e9e2cd"], cloud(rng, 200, 3))
    for width, count in ((26, 420), (14, 900), (7, 1300)):
        image = strokes(image, rng, None, count=count, length=width * 5, width=width, field=swirl(rng, 1.1), shake=10)
    return relief(
        strokes(image, rng, ["#f1ede0", "#d6dedb"], count=150, length=60, width=5, field=swirl(rng, 1.1), shake=8), 1.8
    )


def autumn(rng: Rng) -> Image.Image:
    """Dabs of rust, gold and crimson, as a wood in October."""
    image = blend(["#2a1710", "#6a2c14", "#b4481c", "#dd8a24", "#efc04a", "#7a7a34"], cloud(rng, 150))
    image = strokes(image, rng, None, count=3200, length=17, width=8, field=swirl(rng, 2.0), shake=30)
    image = strokes(
        image,
        rng,
        ["#f6d35e", "#c3281f", "#e8742a", "#4f5a2a"],
        count=800,
        length=13,
        width=7,
        field=swirl(rng, 2.0),
        shake=20,
    )
    return relief(image, 1.5)


def frost(rng: Rng) -> Image.Image:
    """Ice flowers on a window: feathers of white on pale blue."""
    image = blend(["#5f8fb3", "#8fb8d4", "#bcd8e8", "#e4f1f8"], cloud(rng, 220))
    draw = ImageDraw.Draw(image)
    for _ in range(150):
        x, y, turn, reach = rng.random() * SIDE, rng.random() * SIDE, rng.random() * 6.3, rng.uniform(60, 170)
        for step in np.linspace(0, 1, 26):
            px, py = x + math.cos(turn) * reach * step, y + math.sin(turn) * reach * step
            barb = reach * 0.3 * (1 - step)
            for side in (-1, 1):
                end = (px + math.cos(turn + side * 0.9) * barb, py + math.sin(turn + side * 0.9) * barb)
                draw.line([(px, py), end], fill=shaken(rng, "#ffffff", 14), width=1)
    return image.filter(ImageFilter.GaussianBlur(0.6))


def batik(rng: Rng) -> Image.Image:
    """Indigo dyed over wax: white resist and fine cracks."""
    owner, border = cells(rng, 120)
    shade = cloud(rng, 120, 3)
    image = blend(["#0d1640", "#1d2f73", "#2f4fa0", "#7f9bd0"], shade * 0.8 + (owner % 3) * 0.1)
    draw = ImageDraw.Draw(image)
    for x in range(32, SIDE, 96):
        for y in range(32, SIDE, 96):
            for size in (34, 24, 13, 4):
                draw.ellipse((x - size, y - size, x + size, y + size), outline="#f3f0e4", width=4)
    pixels = np.asarray(image).copy()
    pixels[border < 1.3] = rgb("#dfe4ee")
    return paper(Image.fromarray(pixels), rng, 9)


def comic(rng: Rng) -> Image.Image:
    """Flat primaries, screen dots and heavy black outlines, as cheap print."""
    owner, border = cells(rng, 26)
    inks = [rgb(c) for c in ["#e3242b", "#ffd400", "#1a6fd1", "#f9c9a8", "#ffffff", "#37b34a"]]
    chosen = np.array([inks[number] for number in rng.integers(0, len(inks), 26)])
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    dots = np.hypot((columns + (rows // 9 % 2) * 4.5) % 9 - 4.5, rows % 9 - 4.5) < 2.9
    pixels = chosen[owner]
    pixels[dots & (owner % 2 == 0)] = rgb("#d81f3a")
    pixels[border < 8] = rgb("#0a0a0a")
    return Image.fromarray(pixels.astype(np.uint8))


def embroidery(rng: Rng) -> Image.Image:
    """Bright threads side by side on linen, each with its own shine."""
    owner, _ = cells(rng, 40)
    threads = ["#c2185b", "#00796b", "#f9a825", "#3949ab", "#ef6c00", "#6a1b9a", "#2e7d32", "#eceff1", "#b71c1c"]
    image = Image.new("RGB", (SIDE, SIDE), "#d9cdb4")
    draw, turns = ImageDraw.Draw(image), rng.random(40) * 3.1
    for _ in range(9000):
        x, y = rng.random(2) * SIDE
        cell = int(owner[int(y), int(x)])
        dx, dy = math.cos(turns[cell]) * 11, math.sin(turns[cell]) * 11
        draw.line([(x - dx, y - dy), (x + dx, y + dy)], fill=shaken(rng, threads[cell % len(threads)], 22), width=2)
    return relief(image, 1.0)


def pixels(rng: Rng) -> Image.Image:
    """Blocks in sixteen colours, as an old game console drew."""
    sixteen = [
        "#1a1c2c",
        "#5d275d",
        "#b13e53",
        "#ef7d57",
        "#ffcd75",
        "#a7f070",
        "#38b764",
        "#257179",
        "#29366f",
        "#3b5dc9",
        "#41a6f6",
        "#73eff7",
    ]
    shade = cloud(rng, 180, 3)[::16, ::16]
    table = np.array([rgb(colour) for colour in sixteen])
    small = table[np.clip((shade * 12 + rng.normal(0, 0.7, shade.shape)).astype(int), 0, 11)]
    return Image.fromarray(small.astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.NEAREST)


STUDIES: dict[str, Study] = {
    "charcoal": charcoal,
    "pencil-hatching": hatching,
    "watercolour": watercolour,
    "points-of-colour": points,
    "stained-glass": stained_glass,
    "gold-mosaic": mosaic,
    "linocut": linocut,
    "palette-knife-sunset": palette_knife,
    "neon-night": neon,
    "paper-cut-outs": paper_cuts,
    "blueprint": blueprint,
    "gilded-ornament": gilded,
    "soft-pastel": pastel,
    "ink-wash": ink_wash,
    "storm-in-oil": storm,
    "autumn-dabs": autumn,
    "frost": frost,
    "indigo-batik": batik,
    "comic-print": comic,
    "embroidery": embroidery,
    "pixel-blocks": pixels,
}
