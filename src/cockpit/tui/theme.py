"""Which colours does the board use? Two themes; every other module names tokens only.

Good and bad are the blue and vermillion of Okabe and Ito (2008), lightened or darkened for contrast:
they stay apart under every common colour blindness. A test holds each token to 4.5:1 against every
background it is used on, also when NO_COLOR turns it grey (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="cockpit-dark",
    dark=True,
    primary="#5fb4e6",
    secondary="#c79bd6",
    accent="#e8b34b",
    foreground="#d5dbe3",
    background="#0f1318",
    surface="#151a21",
    panel="#1b222b",
    success="#5fb4e6",
    warning="#e8c547",
    error="#ff8552",
    variables={
        "good": "#5fb4e6",
        "warn": "#e8c547",
        "bad": "#ff8552",
        "busy": "#cfa6dd",
        "quiet": "#98a3b1",
        "accent-ink": "#e8b34b",
        "ink": "#d5dbe3",
        "paper": "#0f1318",
        "rule": "#2b3541",
        "cursor": "#22303f",
        "cursor-away": "#1b222b",
        "raised": "#181e26",
    },
)

LIGHT = Theme(
    name="cockpit-light",
    dark=False,
    primary="#005a94",
    secondary="#7d3c75",
    accent="#7a4d00",
    foreground="#1d232a",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e9e6df",
    success="#005a94",
    warning="#705400",
    error="#a83c00",
    variables={
        "good": "#005a94",
        "warn": "#665000",
        "bad": "#a13a00",
        "busy": "#7d3c75",
        "quiet": "#545c66",
        "accent-ink": "#7a4d00",
        "ink": "#1d232a",
        "paper": "#fbfaf7",
        "rule": "#cfcac0",
        "cursor": "#dbe6f0",
        "cursor-away": "#ece9e2",
        "raised": "#f3f1ec",
    },
)

# Style of each token of `spans.TOKENS`, in Textual's style language over the variables above.
STYLES: dict[str, str] = {
    "": "$ink",
    "good": "$good",
    "warn": "$warn",
    "bad": "$bad bold",
    "busy": "$busy",
    "quiet": "$quiet",
    "strong": "$ink bold",
    "accent": "$accent-ink",
    "title": "$ink bold",
}

# The tokens that text is written in, and the backgrounds it is written on; the test of contrast reads both.
INKS = ("good", "warn", "bad", "busy", "quiet", "accent-ink", "ink")
PAPERS = ("paper", "raised", "cursor", "cursor-away")
