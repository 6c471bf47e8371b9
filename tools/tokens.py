"""The colours, sizes and times of the face: one source in OKLCH, written out as tokens.css.

    python tools/tokens.py            checks every rule, then writes static/tokens.css
    python tools/tokens.py --check    checks only, also that the file is up to date

Exits 1 and names the pair when a text falls under its contrast (WCAG 2.2, 1.4.3 and 1.4.11) or when
two severities come too close to each other for a colour-blind reader.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/holdfast/web/static/tokens.css"
TEXT_CONTRAST_MIN = 4.5
CONTROL_CONTRAST_MIN = 3.0
# OKLab distance x 100; shape and number differ as well, so this guards a glance, not reading.
SEVERITY_DISTANCE_MIN = 9.0

Lch = tuple[float, float, float]
Rgb = tuple[float, float, float]
Ramp = Mapping[str, Lch]

# Neutral hue with a hint of blue, so that the warm colours of severity come forward.
N = 258.0

DARK: Ramp = {
    "bg": (0.165, 0.010, N), "surface": (0.200, 0.011, N), "raised": (0.232, 0.012, N),
    "hover": (0.270, 0.013, N), "line": (0.300, 0.013, N), "line-strong": (0.420, 0.016, N),
    "control": (0.530, 0.018, N), "band": (0.225, 0.020, 270),
    "text": (0.950, 0.006, N), "text-2": (0.800, 0.012, N), "text-3": (0.690, 0.014, N),
    "ink": (0.965, 0.004, N), "on-ink": (0.185, 0.010, N),
    "accent": (0.760, 0.115, 285), "accent-fill": (0.560, 0.185, 285),
    "on-accent": (0.985, 0.005, N), "accent-soft": (0.290, 0.065, 285),
    "ok": (0.780, 0.130, 165), "ok-soft": (0.275, 0.045, 165),
    "warn": (0.840, 0.140, 85), "warn-soft": (0.285, 0.050, 80),
    "bad": (0.730, 0.160, 24), "bad-soft": (0.270, 0.070, 22),
    "info": (0.770, 0.100, 235), "info-soft": (0.280, 0.050, 240),
}  # fmt: skip

LIGHT: Ramp = {
    "bg": (0.976, 0.004, N), "surface": (1, 0, N), "raised": (0.985, 0.003, N),
    "hover": (0.955, 0.006, N), "line": (0.905, 0.008, N), "line-strong": (0.800, 0.012, N),
    "control": (0.620, 0.014, N), "band": (0.960, 0.008, 270),
    "text": (0.235, 0.016, N), "text-2": (0.400, 0.016, N), "text-3": (0.500, 0.015, N),
    "ink": (0.235, 0.016, N), "on-ink": (0.985, 0.003, N),
    "accent": (0.480, 0.190, 285), "accent-fill": (0.500, 0.200, 285),
    "on-accent": (1, 0, N), "accent-soft": (0.945, 0.028, 285),
    "ok": (0.480, 0.105, 165), "ok-soft": (0.950, 0.040, 165),
    "warn": (0.485, 0.105, 75), "warn-soft": (0.960, 0.050, 90),
    "bad": (0.510, 0.190, 24), "bad-soft": (0.955, 0.030, 20),
    "info": (0.480, 0.120, 245), "info-soft": (0.950, 0.028, 240),
}  # fmt: skip

# For three in the morning: true black, warm ink, and no text brighter than lightness .80.
NIGHT: Ramp = {
    "bg": (0, 0, 0), "surface": (0.145, 0.006, 60), "raised": (0.180, 0.008, 60),
    "hover": (0.215, 0.010, 60), "line": (0.250, 0.012, 60), "line-strong": (0.380, 0.018, 60),
    "control": (0.500, 0.022, 60), "band": (0.165, 0.012, 60),
    "text": (0.800, 0.030, 70), "text-2": (0.700, 0.028, 70), "text-3": (0.620, 0.026, 70),
    "ink": (0.780, 0.060, 70), "on-ink": (0.160, 0.012, 60),
    "accent": (0.720, 0.090, 60), "accent-fill": (0.500, 0.090, 50),
    "on-accent": (0.930, 0.010, 70), "accent-soft": (0.240, 0.035, 60),
    "ok": (0.690, 0.095, 150), "ok-soft": (0.220, 0.030, 150),
    "warn": (0.740, 0.110, 80), "warn-soft": (0.235, 0.040, 75),
    "bad": (0.670, 0.145, 28), "bad-soft": (0.225, 0.055, 25),
    "info": (0.660, 0.055, 80), "info-soft": (0.220, 0.020, 70),
}  # fmt: skip

# Severity: hue, lightness, shape and number all differ (shapes: layout/parts.html).
SEVERITY: Ramp = {
    "sev1": (0.575, 0.215, 18), "sev2": (0.735, 0.165, 52), "sev3": (0.885, 0.150, 98),
    "sev4": (0.640, 0.130, 248), "sev5": (0.620, 0.012, N),
}  # fmt: skip
SEVERITY_NIGHT: Ramp = {
    "sev1": (0.430, 0.150, 18), "sev2": (0.540, 0.120, 50), "sev3": (0.720, 0.115, 95),
    "sev4": (0.500, 0.090, 245), "sev5": (0.480, 0.012, 60),
}  # fmt: skip
ON_SEVERITY: Ramp = {
    "sev1": (1, 0, 0), "sev2": (0.190, 0.045, 55), "sev3": (0.230, 0.050, 98),
    "sev4": (0.170, 0.030, 248), "sev5": (0.160, 0.010, N),
}  # fmt: skip
ON_SEVERITY_NIGHT: Ramp = {
    "sev1": (0.930, 0.030, 20), "sev2": (0.970, 0.014, 60), "sev3": (0.200, 0.045, 95),
    "sev4": (0.950, 0.020, 245), "sev5": (0.950, 0.008, 70),
}  # fmt: skip
# People on a schedule: eight hues of one lightness, always drawn with a name or initials.
PEOPLE: tuple[Lch, ...] = tuple(
    (0.66, 0.13, hue) for hue in (285, 200, 330, 150, 255, 60, 230, 105)
)

SPACE = {"1": 4, "2": 8, "3": 12, "4": 16, "5": 20, "6": 24, "8": 32, "10": 40, "12": 48}
RADIUS = {"s": "5px", "m": "8px", "l": "12px", "full": "999px"}
TYPE = {
    "xs": ("12px", "16px"), "s": ("13px", "18px"), "m": ("14px", "20px"), "l": ("16px", "24px"),
    "xl": ("20px", "26px"), "2xl": ("26px", "32px"), "3xl": ("34px", "40px"),
}  # fmt: skip
MOTION = {"fast": "90ms", "base": "160ms", "slow": "260ms", "ease": "cubic-bezier(.2,.7,.2,1)"}

THEMES: Mapping[str, Ramp] = {"dark": DARK, "light": LIGHT, "night": NIGHT}

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
_EYES: Mapping[str, tuple[Rgb, Rgb, Rgb]] = {
    "typical": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
               (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
               (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
_READABLE = ("text", "text-2", "text-3", "accent", "ok", "warn", "bad", "info")
_GROUNDS = ("bg", "surface", "raised", "hover")
_PAIRS = (
    ("ok", "ok-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("info", "info-soft"),
    ("accent", "accent-soft"), ("text", "accent-soft"), ("text", "bad-soft"),
    ("text", "warn-soft"), ("text-2", "bad-soft"), ("text-2", "warn-soft"), ("text-3", "band"),
    ("on-ink", "ink"), ("on-accent", "accent-fill"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one pair of colours."""

    rule: str
    value: float
    least: float

    @property
    def broken(self) -> bool:
        return self.value < self.least

    def __str__(self) -> str:
        return f"{self.rule}: {self.value:.2f}, at least {self.least:g} is needed"


def findings() -> Iterator[Finding]:
    """Every rule with the value it found; nothing is left out, so a report can show the least."""
    for theme, ramp in THEMES.items():
        colours = hexes(ramp)
        yield from _text_findings(theme, colours)
        for ground in ("bg", "surface"):
            value = contrast(colours["control"], colours[ground])
            yield Finding(f"{theme}: control on {ground}", value, CONTROL_CONTRAST_MIN)
    for name, ramp, on in (
        ("day", SEVERITY, ON_SEVERITY),
        ("night", SEVERITY_NIGHT, ON_SEVERITY_NIGHT),
    ):
        yield from _severity_findings(name, hexes(ramp), hexes(on))


def css() -> str:
    """The whole of tokens.css."""
    root = {f"p{number}": hex_of(colour) for number, colour in enumerate(PEOPLE)}
    root |= {f"s{name}": f"{px}px" for name, px in SPACE.items()}
    root |= {f"r-{name}": value for name, value in RADIUS.items()}
    for name, (size, line) in TYPE.items():
        root |= {f"t-{name}": size, f"lh-{name}": line}
    root |= MOTION
    day = _severity_tokens(SEVERITY, ON_SEVERITY)
    night = _severity_tokens(SEVERITY_NIGHT, ON_SEVERITY_NIGHT)
    light = _block('[data-theme="light"]', "light", hexes(LIGHT) | day)
    by_system = _block(":root:not([data-theme])", "light", hexes(LIGHT) | day)
    return "".join(
        (
            "/* Written by tools/tokens.py. Change the colours there. */\n",
            _block(":root", None, root),
            _block(':root, [data-theme="dark"]', "dark", hexes(DARK) | day),
            light,
            f"@media (prefers-color-scheme: light) {{\n{by_system}}}\n",
            _block('[data-theme="night"]', "dark", hexes(NIGHT) | night),
        )
    )


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, eyes: str) -> float:
    """How far apart two colours look to such eyes: OKLab distance x 100."""
    return 100 * math.dist(_oklab(_seen(one, eyes)), _oklab(_seen(other, eyes)))


def hexes(ramp: Ramp) -> dict[str, str]:
    return {name: hex_of(colour) for name, colour in ramp.items()}


def hex_of(colour: Lch) -> str:
    """OKLCH as #rrggbb, with as much chroma as sRGB can show."""
    lightness, chroma, hue = colour
    while chroma > 0 and not _in_gamut(_linear((lightness, chroma, hue))):
        chroma -= 0.002
    rgb = _linear((lightness, max(chroma, 0), hue))
    return "#" + "".join(f"{round(_encode(part) * 255):02x}" for part in rgb)


def _text_findings(theme: str, colours: Mapping[str, str]) -> Iterator[Finding]:
    pairs = [(text, ground) for text in _READABLE for ground in _GROUNDS]
    for text, ground in (*pairs, *_PAIRS):
        value = contrast(colours[text], colours[ground])
        yield Finding(f"{theme}: {text} on {ground}", value, TEXT_CONTRAST_MIN)


def _severity_findings(
    name: str, colours: Mapping[str, str], on: Mapping[str, str]
) -> Iterator[Finding]:
    for level, colour in colours.items():
        yield Finding(f"{name}: label on {level}", contrast(on[level], colour), TEXT_CONTRAST_MIN)
    coloured = [level for level in colours if level != "sev5"]  # grey; told by its open ring
    for place, one in enumerate(coloured):
        for other in coloured[place + 1 :]:
            for eyes in _EYES:
                value = distance(colours[one], colours[other], eyes)
                yield Finding(f"{name}: {one} and {other}, {eyes}", value, SEVERITY_DISTANCE_MIN)


def _severity_tokens(ramp: Ramp, on: Ramp) -> dict[str, str]:
    return hexes(ramp) | {f"on-{level}": colour for level, colour in hexes(on).items()}


def _block(selector: str, scheme: str | None, tokens: Mapping[str, str]) -> str:
    lines = [f"  --{name}: {value};" for name, value in tokens.items()]
    if scheme:
        lines.insert(0, f"  color-scheme: {scheme};")
    return f"{selector} {{\n" + "\n".join(lines) + "\n}\n"


def _linear(colour: Lch) -> Rgb:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _oklab(rgb: Rgb) -> Rgb:
    red, green, blue = rgb
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _seen(colour: str, eyes: str) -> Rgb:
    rgb = _channels(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, rgb, strict=True))))
        for row in _EYES[eyes]
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> Rgb:
    red, green, blue = (_decode(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _in_gamut(rgb: Rgb) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in rgb)


def _encode(part: float) -> float:
    clipped = min(1.0, max(0.0, part))
    return 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055


def _decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def main(arguments: list[str]) -> int:
    found = list(findings())
    broken = [finding for finding in found if finding.broken]
    for finding in broken:
        sys.stderr.write(f"{finding}\n")
    if broken:
        return 1
    if "--check" not in arguments:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(css(), encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != css():
        sys.stderr.write(f"{TARGET.name} is out of date: run python tools/tokens.py\n")
        return 1
    tightest = min(found, key=lambda finding: finding.value / finding.least)
    sys.stdout.write(f"{len(found)} colour rules hold; the tightest is {tightest}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
