#!/usr/bin/env python3
"""Train the learned demosaicing operator and export its weights.

The operator works on quads: the 2x2 Bayer cells of an RGGB mosaic are packed
into four planes (R, G1, G2, B) at half resolution and a small convolutional
network predicts the twelve values (2x2 pixels times RGB) of every quad:

    out = skip(x) + head(h_n),
    h_0 = act(stem(x) + S_0 s),
    h_i = act(dense_i(h_{i-1}) + S_i s)

stem    dense 3x3 convolution, 4 -> C channels, every filter has zero mean in
        every input plane (constant colors give no response)
dense_i dense 3x3 convolution, C -> C (with --separable: depth_i, a depthwise
        3x3 convolution, then mix_i, a 1x1 convolution)
act     PReLU with one slope per channel
skip    linear 3x3 convolution whose filters sum to the bilinear DC gains, so
        that constant colors are reproduced exactly
s       noise standard deviations of (R, G, B); S_i are C x 3 matrices, so the
        noise only enters through per-layer biases that are free at run time

There are no other biases, hence f(k x, k s) = k f(x, s) for every k > 0, and
f(x + c, s) = f(x, s) + c for every constant color c.

Data: photographs in Debian packages (see PHOTOS), fetched by package name
with `apt-get download`, unpacked with `dpkg -x`, downsampled by 2 to 5 so
that every pixel is truly full color, plus synthetic gratings, chirps and
polygons. Nothing of the Kodak or McMaster pictures is used; they are only
read by the `evaluate` step.

    train_demosaic.py prepare  --work DIR
    train_demosaic.py train    --work DIR --out weights.npz
    train_demosaic.py evaluate --weights weights.npz --pictures DIR...
    train_demosaic.py vector   --weights weights.npz --out DIR

Needs numpy and Pillow, tifffile for McMaster's pictures, and
tensorflow-cpu for `train` only.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

# Photographs by Debian package (bookworm); an entry is a substring of a path.
PHOTOS = {
    "lomiri-wallpapers-16.04": [
        "Bridge_by", "Dragonfly_by", "Picture_0B", "Picture_1A", "Wine_by",
        "aitzgorri", "friends_by", "greentock", "life_by", "picosdeeuropa",
        "seeding", "sunset", "/free_by"],
    "lomiri-wallpapers-20.04": ["Kleiber", "Painting-Colors"],
    "mate-backgrounds": [
        "Elephants_5640x3172", "Aqua.", "Blinds.", "Dune.", "Garden.",
        "LadyBird.", "RainDrops.", "Storm.", "TwoWings.", "Wood.",
        "YellowFlower."],
    "plasma-workspace-wallpapers": [
        "BytheWater/", "ColdRipple/", "ColorfulCups/", "EveningGlow/",
        "FallenLeaf/", "Grey/", "Kite/", "OneStandsOut/", "Path/",
        "summer_1am/", "Autumn/", "SafeLanding/contents/images/5120",
        "Canopee/"],
    "ukui-wallpapers": ["string.jpg", "rhythm.jpg"],
}
VALIDATION = ("EveningGlow/", "friends_by", "LadyBird.", "Picture_0B")
CROP = 56  # pixels, side of a training crop


# ---------------------------------------------------------------- inference
def pack(mosaic):
    """RGGB mosaic (..., 2h, 2w) -> planes (..., h, w, 4): R, G1, G2, B."""
    return np.stack([mosaic[..., 0::2, 0::2], mosaic[..., 0::2, 1::2],
                     mosaic[..., 1::2, 0::2], mosaic[..., 1::2, 1::2]], -1)


def unpack(planes):
    """Planes (h, w, 12), ordered row, column, RGB -> picture (2h, 2w, 3)."""
    h, w, _ = planes.shape
    return (planes.reshape(h, w, 2, 2, 3).transpose(0, 2, 1, 3, 4)
            .reshape(2 * h, 2 * w, 3))


def conv3(x, kernel):
    """Valid 3x3 correlation; kernel is (3, 3, in, out)."""
    h, w = x.shape[0] - 2, x.shape[1] - 2
    return sum(x[i:i + h, j:j + w] @ kernel[i, j]
               for i in range(3) for j in range(3))


def depthwise3(x, kernel):
    """Valid depthwise 3x3 correlation; kernel is (3, 3, channels)."""
    h, w = x.shape[0] - 2, x.shape[1] - 2
    return sum(x[i:i + h, j:j + w] * kernel[i, j]
               for i in range(3) for j in range(3))


def radius(weights):
    """Receptive radius in quads."""
    return 1 + int(weights["blocks"])


def infer_quads(x, weights, sigma):
    """Packed planes with a border of radius() quads -> (h, w, 12)."""
    def act(v, i):
        v = v + weights[f"noise{i}"].T @ sigma
        return np.maximum(v, 0) + weights[f"slope{i}"] * np.minimum(v, 0)

    r = radius(weights)
    linear = conv3(x[r - 1:x.shape[0] - r + 1, r - 1:x.shape[1] - r + 1],
                   weights["skip"])
    h = act(conv3(x, weights["stem"]), 0)
    for i in range(1, r):
        if f"dense{i}" in weights:
            h = act(conv3(h, weights[f"dense{i}"]), i)
        else:
            h = act(depthwise3(h, weights[f"depth{i}"]) @ weights[f"mix{i}"],
                    i)
    return linear + h @ weights["head"]


def demosaic(mosaic, weights, sigma=(0, 0, 0), shift=(0, 0)):
    """Full-color picture of a Bayer mosaic with even sides.

    shift is the position of the first red sample: RGGB (0, 0), GRBG (0, 1),
    GBRG (1, 0), BGGR (1, 1). The border is reflected about the outermost
    samples (reflect_101), which keeps the Bayer phase.
    """
    r = 2 * radius(weights)
    py, px = r + shift[0], r + shift[1]
    h, w = mosaic.shape
    x = np.pad(mosaic.astype(np.float32), ((py, py), (px, px)), "reflect")
    out = unpack(infer_quads(pack(x), weights,
                             np.asarray(sigma, np.float32)))
    return out[shift[0]:shift[0] + h, shift[1]:shift[1] + w]


def load_weights(path):
    with np.load(path) as f:
        return {k: f[k] for k in f.files}


def macs_per_pixel(weights):
    """Multiply-adds per pixel, PReLU counted as one each."""
    n = 0
    for k, v in weights.items():
        if k.startswith(("stem", "skip", "depth", "mix", "dense", "head",
                         "slope")):
            n += v.size
    return n / 4


# --------------------------------------------------------------------- data
def fetch(work):
    """Download and unpack the Debian packages below work."""
    debs = work / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    for name in PHOTOS:
        if not list(debs.glob(name + "_*.deb")):
            subprocess.run(["apt-get", "download", name], cwd=debs,
                           check=True)
        target = work / "data" / name
        if not target.exists():
            target.mkdir(parents=True)
            subprocess.run(["dpkg", "-x", str(next(debs.glob(name + "_*.deb"))),
                            str(target)], check=True)


def photo_paths(work):
    result = []
    for package, patterns in PHOTOS.items():
        files = [f for f in sorted((work / "data" / package).rglob("*"))
                 if f.suffix in (".jpg", ".png") and not f.is_symlink()]
        for pattern in patterns:
            found = [f for f in files if pattern in str(f)]
            found.sort(key=lambda f: -f.stat().st_size)
            result.append(found[0])
    return result


def shrink(image, rng, factor):
    """Downsample with a random antialiasing filter, then sharpen a little."""
    from PIL import Image, ImageFilter
    kind = [Image.BOX, Image.HAMMING, Image.BICUBIC, Image.LANCZOS][
        rng.integers(4)]
    size = [max(CROP, round(s / factor)) for s in image.size]
    image = image.resize(size, kind)
    choice = rng.random()
    if choice < 0.5:
        image = image.filter(ImageFilter.UnsharpMask(
            radius=rng.uniform(0.5, 1.0), percent=int(rng.uniform(20, 120)),
            threshold=0))
    elif choice < 0.6:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.6)))
    return np.asarray(image)


def synthetic(rng):
    """A crop with gratings, chirps or polygons in random colors."""
    over = 4
    n = CROP * over
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / over
    base = rng.random(3)

    def color():
        c = rng.random(3)
        if rng.random() < 0.4:
            c[:] = c[0]
        return c

    image = np.ones((n, n, 1), np.float32) * base.astype(np.float32)
    kind = rng.integers(3)
    if kind < 2:
        angle = rng.uniform(0, np.pi)
        u = np.cos(angle) * x + np.sin(angle) * y
        f = rng.uniform(0.02, 0.48)
        if kind == 0:
            phase = f * u
        else:
            cx, cy = rng.uniform(-60, 120, 2)
            phase = ((x - cx) ** 2 + (y - cy) ** 2) * rng.uniform(
                0.0005, 0.004)
        wave = np.sin(2 * np.pi * phase + rng.uniform(0, 6.28))
        if rng.random() < 0.5:
            wave = np.tanh(wave * 4)
        a, b = color(), color()
        image = a + (b - a) * (0.5 + 0.5 * wave[..., None])
    else:
        for _ in range(rng.integers(3, 14)):
            angle = rng.uniform(0, 2 * np.pi)
            u = np.cos(angle) * (x - rng.uniform(0, CROP)) + np.sin(angle) * (
                y - rng.uniform(0, CROP))
            if rng.random() < 0.6:
                mask = np.abs(u) < rng.uniform(0.3, 4)
            else:
                mask = u > 0
            image = np.where(mask[..., None], color(), image)
    image = image.reshape(CROP, over, CROP, over, 3).mean((1, 3))
    return np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)


def prepare(work, seed):
    """Write the crops for training and the validation pictures."""
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
    fetch(work)
    rng = np.random.default_rng(seed)
    crops, pictures = [], []
    for path in photo_paths(work):
        image = Image.open(path).convert("RGB")
        width = max(image.size)
        if any(v in str(path) for v in VALIDATION):
            small = image.resize([round(s * 700 / width) // 2 * 2
                                  for s in image.size], Image.LANCZOS)
            pictures.append(np.asarray(small))
            continue
        low = 1.7 if width < 2000 else 2.0
        high = min(5.0, max(3.0, width / 700))
        for _ in range(8):
            a = shrink(image, rng, rng.uniform(low, high))
            g = a.astype(np.int32).sum(2)
            detail = np.zeros(g.shape, np.float32)
            detail[:, 1:] += np.abs(np.diff(g, axis=1))
            detail[1:] += np.abs(np.diff(g, axis=0))
            total = detail.cumsum(0).cumsum(1)
            n = min(250, a.shape[0] * a.shape[1] // (CROP * CROP) * 2)
            y = rng.integers(0, a.shape[0] - CROP + 1, 3 * n)
            x = rng.integers(0, a.shape[1] - CROP + 1, 3 * n)
            y2, x2 = y + CROP - 1, x + CROP - 1
            score = total[y2, x2] - total[y, x2] - total[y2, x] + total[y, x]
            # Half of the crops as they come, half with the most detail.
            rest = np.arange(n // 2, 3 * n)
            rest = rest[np.argsort(-score[rest])][:n - n // 2]
            for k in list(range(n // 2)) + list(rest):
                crops.append(a[y[k]:y[k] + CROP, x[k]:x[k] + CROP])
    crops += [synthetic(rng) for _ in range(len(crops) // 9)]
    np.save(work / "crops.npy", np.stack(crops))
    np.savez(work / "validation.npz",
             **{f"p{i}": p for i, p in enumerate(pictures)})
    print(len(crops), "crops,", len(pictures), "validation pictures")


# ----------------------------------------------------------------- training
def bilinear_kernel():
    """Fixed part of the skip layer, (3, 3, 4, 12)."""
    k = np.zeros((3, 3, 4, 2, 2, 3), np.float32)
    # Position of every plane inside the quad.
    place = {0: (0, 0, 0), 1: (0, 1, 1), 2: (1, 0, 1), 3: (1, 1, 2)}
    for plane, (py, px, c) in place.items():
        for oy in range(2):
            for ox in range(2):
                for i in range(3):
                    for j in range(3):
                        dy = abs(2 * (i - 1) + py - oy)
                        dx = abs(2 * (j - 1) + px - ox)
                        if c == 1:
                            here = (oy + ox) % 2 == 1
                            w = float(dy + dx == 0) if here else \
                                0.25 * (dy + dx == 1)
                        else:
                            w = max(0, 1 - dy / 2) * max(0, 1 - dx / 2)
                        k[i, j, plane, oy, ox, c] = w
    return k.reshape(3, 3, 4, 12)


def train(args):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    rng = np.random.default_rng(args.seed)
    tf.random.set_seed(args.seed)
    crops = np.load(args.work / "crops.npy")
    channels, blocks = args.channels, args.blocks
    bilinear = bilinear_kernel()

    raw = {}

    def variable(name, shape, scale):
        raw[name] = tf.Variable(
            rng.normal(0, scale, shape).astype(np.float32), name=name)

    variable("skip", (3, 3, 4, 12), 0.01)
    variable("stem", (3, 3, 4, channels), (2 / 36) ** 0.5)
    for i in range(blocks + 1):
        variable(f"slope{i}", (channels,), 0.3)
        variable(f"noise{i}", (3, channels), 0.1)
        if i and not args.separable:
            variable(f"dense{i}", (3, 3, channels, channels),
                     (2 / (9 * channels)) ** 0.5)
        elif i:
            variable(f"depth{i}", (3, 3, channels), 0.33)
            variable(f"mix{i}", (channels, channels), (2 / channels) ** 0.5)
    variable("head", (channels, 12), 0.05)
    if args.init:
        for k, v in load_weights(args.init).items():
            if k in raw:
                raw[k].assign(v - bilinear if k == "skip" else v)
    ema = {k: v.numpy().copy() for k, v in raw.items()}
    ema = {k: tf.Variable(v) for k, v in ema.items()}

    def constrain(p):
        """Apply the DC constraints: raw parameters -> run-time weights."""
        q = dict(p)
        for k in ("skip", "stem"):
            q[k] = p[k] - tf.reduce_mean(p[k], (0, 1), keepdims=True)
        q["skip"] += bilinear
        return q

    def network(x, sigma, p):
        def act(v, i):
            v += (sigma @ p[f"noise{i}"])[:, None, None, :]
            return tf.nn.relu(v) - p[f"slope{i}"] * tf.nn.relu(-v)

        def conv(v, k):
            return tf.nn.conv2d(v, k, 1, "VALID")

        r = blocks + 1
        linear = conv(x[:, r - 1:-(r - 1), r - 1:-(r - 1)], p["skip"])
        h = act(conv(x, p["stem"]), 0)
        for i in range(1, r):
            if not args.separable:
                h = act(conv(h, p[f"dense{i}"]), i)
            else:
                h = tf.nn.depthwise_conv2d(h, p[f"depth{i}"][..., None],
                                           [1, 1, 1, 1], "VALID")
                h = act(conv(h, p[f"mix{i}"][None, None]), i)
        return linear + conv(h, p["head"][None, None])

    def augment(image):
        """Random color, exposure and noise of (n, CROP, CROP, 3) bytes."""
        n = tf.shape(image)[0]
        shape = (n, 1, 1, 1)
        x = tf.cast(image, tf.float32) / 255

        def uniform(low, high, s=shape):
            return tf.random.uniform(s, low, high)

        keep = tf.cast(uniform(0, 1) < args.natural, tf.float32)
        x += uniform(-0.5, 0.5) * (1 - keep) * x * (1 - x)  # tone curve
        gray = tf.reduce_mean(x, 3, keepdims=True)
        x = gray + (x - gray) * (1 + uniform(-0.4, 0.9) * (1 - keep))
        gain = uniform(0.6, 1.4, (n, 1, 1, 3)) * uniform(0.5, 1.1)
        x = tf.clip_by_value(x * (keep + (1 - keep) * gain), 0, 1.2)
        sigma = tf.exp(uniform(np.log(0.003), np.log(0.12), (n, 1)))
        sigma *= tf.exp(uniform(-0.35, 0.35, (n, 3)))
        sigma *= tf.cast(uniform(0, 1, (n, 1)) < args.noisy, tf.float32)
        return x, sigma

    margin = 2 * (blocks + 1)

    @tf.function
    def step(image, rate, count):
        x, sigma = augment(image)
        planes = tf.stack([x[:, 0::2, 0::2, 0], x[:, 0::2, 1::2, 1],
                           x[:, 1::2, 0::2, 1], x[:, 1::2, 1::2, 2]], 3)
        planes += tf.random.normal(tf.shape(planes)) * tf.gather(
            sigma, [0, 1, 1, 2], axis=1)[:, None, None, :]
        target = x[:, margin:-margin, margin:-margin]
        target = tf.nn.space_to_depth(target, 2)
        with tf.GradientTape() as tape:
            out = network(planes, sigma, constrain(raw))
            mse = tf.reduce_mean((out - target) ** 2, (1, 2, 3))
            # The mean of the decibels, or of the deviations.
            loss = (tf.reduce_mean(tf.math.log(mse + 1e-6)) if args.decibels
                    else tf.reduce_mean(tf.sqrt(mse + 1e-5)))
        names = sorted(raw)
        grads = tape.gradient(loss, [raw[k] for k in names])
        grads, _ = tf.clip_by_global_norm(grads, 1.0)
        b1, b2 = 0.9, 0.99
        fix = rate * tf.sqrt(1 - b2 ** count) / (1 - b1 ** count)
        for k, g in zip(names, grads):
            m[k].assign(b1 * m[k] + (1 - b1) * g)
            v2[k].assign(b2 * v2[k] + (1 - b2) * g * g)
            raw[k].assign_sub(fix * m[k] / (tf.sqrt(v2[k]) + 1e-8))
            ema[k].assign_add(0.002 * (raw[k] - ema[k]))
        return loss

    m = {k: tf.Variable(tf.zeros_like(v)) for k, v in raw.items()}
    v2 = {k: tf.Variable(tf.zeros_like(v)) for k, v in raw.items()}

    def export():
        w = {k: v.numpy() for k, v in constrain(
            {k: tf.convert_to_tensor(v) for k, v in ema.items()}).items()}
        w["blocks"] = np.int32(blocks)
        np.savez(args.out, **w)
        return w

    with np.load(args.work / "validation.npz") as f:
        pictures = [f[k] for k in f.files]
    start, mean = time.time(), 0.0
    done = 0.0  # fraction of the schedule
    count = 0
    while done < 1:
        index = rng.integers(0, len(crops), args.batch)
        batch = crops[index]
        if rng.random() < 0.5:
            batch = batch[:, ::-1]
        if rng.random() < 0.5:
            batch = batch[:, :, ::-1]
        if rng.random() < 0.5:
            batch = batch.transpose(0, 2, 1, 3)
        rate = args.rate * 0.5 * (1 + np.cos(np.pi * done))
        rate *= min(1, (count + 1) / 300)
        count += 1
        loss = step(np.ascontiguousarray(batch), np.float32(rate),
                    np.float32(count))
        mean += 0.01 * (float(loss) - mean)
        done = (count / args.steps if args.steps else
                (time.time() - start) / args.seconds)
        if count % 5000 == 0 or done >= 1:
            w = export()
            score = [np.mean([validate(p, w, s) for p in pictures])
                     for s in (0, 0.02)]
            print(f"{count} {time.time() - start:.0f}s loss {mean:.5f} "
                  f"validation {score[0]:.3f} dB, "
                  f"{score[1]:.3f} dB at sigma 0.02", flush=True)


# --------------------------------------------------------------- evaluation
def mosaic_of(picture, shift):
    """Sample a picture; shift as in demosaic()."""
    out = np.empty(picture.shape[:2], picture.dtype)
    for y in range(2):
        for x in range(2):
            c = ((y - shift[0]) % 2) + ((x - shift[1]) % 2)
            out[y::2, x::2] = picture[y::2, x::2, c]
    return out


def psnr(a, b, border=10):
    d = a[border:-border, border:-border].astype(np.float64) - \
        b[border:-border, border:-border]
    return 10 * np.log10(255 ** 2 / np.mean(d * d))


def validate(picture, weights, sigma, shift=(0, 0), seed=1):
    """Color PSNR in dB of an 8-bit picture after mosaicing and demosaicing."""
    picture = picture[:picture.shape[0] // 2 * 2, :picture.shape[1] // 2 * 2]
    x = mosaic_of(picture, shift).astype(np.float32) / 255
    if sigma:
        x = x + np.random.default_rng(seed).normal(
            0, sigma, x.shape).astype(np.float32)
    out = demosaic(x, weights, (sigma,) * 3, shift)
    return psnr(np.clip(np.round(out * 255), 0, 255), picture)


def read_picture(path):
    if path.suffix in (".tif", ".tiff"):
        import tifffile
        return tifffile.imread(path)[..., :3]
    from PIL import Image
    return np.asarray(Image.open(path).convert("RGB"))


def bilinear_weights():
    """The skip layer's fixed part alone, as a baseline."""
    w = {"blocks": np.int32(1), "skip": bilinear_kernel(),
         "stem": np.zeros((3, 3, 4, 1), np.float32),
         "dense1": np.zeros((3, 3, 1, 1), np.float32),
         "head": np.zeros((1, 12), np.float32)}
    for i in range(2):
        w[f"noise{i}"] = np.zeros((3, 1), np.float32)
        w[f"slope{i}"] = np.zeros(1, np.float32)
    return w


def evaluate(args):
    w = load_weights(args.weights)
    print(f"{macs_per_pixel(w):.1f} multiply-adds per pixel, "
          f"{sum(v.size for v in w.values()) - 1} parameters")
    base = bilinear_weights()
    for folder in args.pictures:
        files = sorted([f for f in folder.iterdir()
                        if f.suffix in (".png", ".tif")],
                       key=lambda f: (len(f.stem), f.stem))
        pictures = [read_picture(f) for f in files]
        print(f"\n| {folder.name} | RGGB | GRBG | mean |\n|---|---|---|---|")
        rows = []
        for f, p in zip(files, pictures):
            rows.append([validate(p, w, 0, s) for s in ((0, 0), (0, 1))])
            print(f"| {f.stem} | {rows[-1][0]:.2f} | {rows[-1][1]:.2f} | "
                  f"{np.mean(rows[-1]):.2f} |")
        a = np.mean(rows, 0)
        print(f"| **mean** | {a[0]:.3f} | {a[1]:.3f} | **{a.mean():.3f}** |")
        if args.noise:
            print(f"\n| {folder.name}, sigma | bilinear | this |"
                  "\n|---|---|---|")
            for s in (0, 0.01, 0.02, 0.05, 0.1):
                r = [np.mean([validate(p, k, s) for p in pictures])
                     for k in (base, w)]
                print(f"| {s} | {r[0]:.2f} | {r[1]:.2f} |")


def vector(args):
    """Write a small test vector, weights.json and check the invariances."""
    w = load_weights(args.weights)
    rng = np.random.default_rng(args.seed)
    h, wd = 24, 32
    y, x = np.mgrid[0:h, 0:wd]
    color = np.stack([0.5 + 0.4 * np.sin(0.9 * x + 0.3 * y),
                      0.4 + 0.3 * np.sin(0.4 * x - 0.8 * y),
                      (x + y > 25) * 0.7], -1)
    mosaic = (mosaic_of(color, (0, 0)) + rng.normal(0, 0.02, (h, wd))).astype(
        np.float32)
    sigma = np.array([0.02, 0.015, 0.03], np.float32)
    np.save(args.out / "vector_in.npy", mosaic)
    np.save(args.out / "vector_sigma.npy", sigma)
    np.save(args.out / "vector_out.npy",
            demosaic(mosaic, w).astype(np.float32))
    np.save(args.out / "vector_out_sigma.npy",
            demosaic(mosaic, w, sigma).astype(np.float32))
    with open(args.out / "weights.json", "w") as f:
        json.dump({k: {"shape": list(v.shape),
                       "values": [float(f"{t:.7g}") for t in v.ravel()]}
                   for k, v in w.items()}, f)
    a = demosaic(mosaic, w, sigma)
    print("scale x7:", np.abs(demosaic(7 * mosaic, w, 7 * sigma) - 7 * a).max())
    for c in ((0.5, 0.5, 0.5), (1, 1, 1), (1, 0, 0), (0, 2, 0), (0.1, 0, 1.5)):
        p = np.ones((24, 32, 3)) * np.array(c)
        print("constant", c, np.abs(demosaic(mosaic_of(p, (0, 0)), w) - p).max())


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    sub = p.add_subparsers(dest="command", required=True)
    a = sub.add_parser("prepare", help="fetch the photographs, cut crops")
    a.add_argument("--work", type=Path, required=True)
    a.add_argument("--seed", type=int, default=1)
    a = sub.add_parser("train", help="train and export the weights")
    a.add_argument("--work", type=Path, required=True)
    a.add_argument("--out", type=Path, required=True)
    a.add_argument("--init", type=Path, help="weights to start from")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--steps", type=int, default=55910)
    a.add_argument("--seconds", type=float, default=600,
                   help="length of the schedule if --steps is 0")
    a.add_argument("--batch", type=int, default=32)
    a.add_argument("--rate", type=float, default=3e-3)
    a.add_argument("--channels", type=int, default=16)
    a.add_argument("--blocks", type=int, default=2)
    a.add_argument("--separable", action="store_true",
                   help="depthwise 3x3 and 1x1 layers instead of dense 3x3")
    a.add_argument("--noisy", type=float, default=0.4,
                   help="share of the noisy crops")
    a.add_argument("--natural", type=float, default=0.35,
                   help="share of crops whose colors are left alone")
    a.add_argument("--decibels", action="store_true",
                   help="loss: mean of log mean square errors")
    a.add_argument("--threads", type=int, default=1)
    a = sub.add_parser("evaluate", help="measure on pictures")
    a.add_argument("--weights", type=Path, required=True)
    a.add_argument("--pictures", type=Path, nargs="+", required=True)
    a.add_argument("--noise", action="store_true")
    a = sub.add_parser("vector", help="write weights.json and a test vector")
    a.add_argument("--weights", type=Path, required=True)
    a.add_argument("--out", type=Path, required=True)
    a.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    if args.command == "prepare":
        prepare(args.work, args.seed)
    else:
        {"train": train, "evaluate": evaluate, "vector": vector}[
            args.command](args)


if __name__ == "__main__":
    sys.exit(main())
