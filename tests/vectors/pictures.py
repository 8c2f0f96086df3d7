"""Writes pictures.json: resized pictures by PyTorch, Pillow and NumPy, and decoded files by Pillow.

Run with any PyTorch from 1.13 and Pillow: python3 tests/vectors/pictures.py
"""
import base64
import io
import json
import os

import numpy as np
import torch
from PIL import Image

random = np.random.default_rng(7)


def smooth(height, width, channels):
    """A picture with edges and gradients rather than noise, so that JPEG keeps it."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 90 * np.sin((x + 3 * k) / (4 + k)) * np.cos(y / (5 + k)) + 30 * (x > y) for k in range(channels)]
    return np.clip(np.stack(planes, axis=-1), 0, 255).astype(np.uint8)


def torch_resize(source, height, width, **options):
    planes = torch.from_numpy(source.astype(np.float64)).permute(2, 0, 1)[None]
    return torch.nn.functional.interpolate(planes, (height, width), **options)[0].permute(1, 2, 0).numpy()


def area(source, height, width):
    """The mean over the area of each new pixel, by its definition."""
    def matrix(old, new):
        edges = np.arange(new + 1) * old / new
        left, right = edges[:-1, None], edges[1:, None]
        places = np.arange(old)[None, :]
        return np.maximum(0, np.minimum(places + 1, right) - np.maximum(places, left)) * new / old
    return np.einsum("yi,xj,ijc->yxc", matrix(source.shape[0], height), matrix(source.shape[1], width), source.astype(np.float64))


def resize_cases():
    cases = []
    for (height, width, channels), (to_height, to_width) in [
        ((11, 17, 3), (5, 7)), ((11, 17, 3), (4, 20)), ((6, 5, 1), (13, 11)), ((12, 20, 3), (3, 5)), ((9, 9, 4), (9, 4)), ((40, 3, 1), (2, 2)), ((1, 1, 3), (3, 2)),
    ]:
        source = random.integers(0, 256, (height, width, channels), dtype=np.uint8)
        methods = {
            "Bilinear": torch_resize(source, to_height, to_width, mode="bilinear", align_corners=False),
            "Antialiased": torch_resize(source, to_height, to_width, mode="bilinear", align_corners=False, antialias=True),
            "Area": area(source, to_height, to_width),
        }
        if height % to_height == 0 and width % to_width == 0:
            assert np.allclose(methods["Area"], torch_resize(source, to_height, to_width, mode="area"))
        for name, result in methods.items():
            cases.append({
                "method": name, "from": [height, width, channels], "to": [to_height, to_width],
                "source": base64.b64encode(source.tobytes()).decode(), "result": [round(float(v), 5) for v in result.ravel()],
            })
    return cases


def crop_cases():
    """Fitting by cutting off: Pillow resizes the middle box."""
    cases = []
    for (height, width), (to_height, to_width) in [((24, 30), (8, 8)), ((31, 17), (10, 12))]:
        source = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        ratio = min(width / to_width, height / to_height)
        w, h = to_width * ratio, to_height * ratio
        box = ((width - w) / 2, (height - h) / 2, (width + w) / 2, (height + h) / 2)
        result = np.asarray(Image.fromarray(source).resize((to_width, to_height), Image.BILINEAR, box=box))
        cases.append({
            "from": [height, width, 3], "to": [to_height, to_width],
            "source": base64.b64encode(source.tobytes()).decode(), "result": base64.b64encode(result.tobytes()).decode(),
        })
    return cases


def files():
    """Files that Pillow wrote, and the pixels it reads from them."""
    rgb, grey = smooth(19, 23, 3), smooth(16, 10, 1)[:, :, 0]
    deep = (grey.astype(np.uint16) * 257 + 100).astype(np.uint16)
    quantized = Image.fromarray(rgb).quantize(13)
    rgba = np.dstack([rgb, smooth(19, 23, 1)[:, :, 0]])
    cmyk = Image.fromarray(rgb).convert("CMYK")
    wanted = [
        ("rgb.png", Image.fromarray(rgb), {}), ("grey.png", Image.fromarray(grey), {}), ("rgba.png", Image.fromarray(rgba), {}),
        ("palette.png", quantized, {}), ("bits.png", Image.fromarray(grey).convert("1"), {}), ("deep.png", Image.fromarray(deep), {}),
        ("rgb.bmp", Image.fromarray(rgb), {}), ("palette.bmp", quantized, {}), ("bits.bmp", Image.fromarray(grey).convert("1"), {}),
        ("rgb.jpg", Image.fromarray(rgb), {"quality": 90}), ("grey.jpg", Image.fromarray(grey), {"quality": 90}),
        ("progressive.jpg", Image.fromarray(rgb), {"quality": 80, "progressive": True}),
        ("full.jpg", Image.fromarray(rgb), {"quality": 95, "subsampling": 0}), ("cmyk.jpg", cmyk, {"quality": 95}),
    ]
    result = []
    for name, image, options in wanted:
        stream = io.BytesIO()
        image.save(stream, {"png": "PNG", "bmp": "BMP", "jpg": "JPEG"}[name.split(".")[1]], **options)
        again = Image.open(io.BytesIO(stream.getvalue()))
        if name == "deep.png":
            pixels = np.round(np.asarray(again).astype(np.float64) / 257).astype(np.uint8)
        else:
            channels = {"1": "L", "L": "L", "P": "RGB", "CMYK": "RGB"}.get(again.mode, again.mode)
            pixels = np.asarray(again.convert(channels))
        result.append({
            "name": name, "file": base64.b64encode(stream.getvalue()).decode(), "width": again.width, "height": again.height,
            "channels": 1 if pixels.ndim == 2 else pixels.shape[2], "pixels": base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode(),
        })
    return result


if __name__ == "__main__":
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures.json")
    with open(path, "w", newline="\n") as file:
        json.dump({"resize": resize_cases(), "crop": crop_cases(), "files": files()}, file)
        file.write("\n")
