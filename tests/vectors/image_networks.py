"""Writes image_networks.json: well-known networks for pictures, narrow and small, with PyTorch's losses, outputs and gradients in float64.

Run with any PyTorch from 1.13: python3 tests/vectors/image_networks.py

The networks are written as torchvision writes them. Pictures and parameters are not in the file: both sides draw them from the same stream of numbers that float32
can hold, in the order in which the modules are made.
"""
import base64
import json
import math
import os

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


class Stream:
    """Lehmer's generator (Park and Miller 1988): the same numbers in every language."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = self.state * 48271 % 2147483647
        return self.state

    def tensor(self, shape, center=0.0, spread=1.0):
        """Numbers from center − spread to center + spread; 22 bits of each are random, so that none is rounded."""
        values = [center + spread * ((self.next() >> 9) / 2**21 - 1) for _ in range(math.prod(shape))]
        return torch.tensor(values).reshape(shape)

    def fill(self, name, tensor):
        if name.endswith("running_var") or (name.endswith("weight") and tensor.dim() == 1):
            tensor.data = self.tensor(tensor.shape, 1.0, 0.5)
        elif tensor.dim() == 1:
            tensor.data = self.tensor(tensor.shape, 0.0, 0.5)
        else:
            spread, inputs = 1.0, tensor[0].numel()
            while spread * spread * inputs > 3:
                spread /= 2
            tensor.data = self.tensor(tensor.shape, 0.0, spread)


def conv(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, width, 3, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3), nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or inputs != width:
            self.downsample = nn.Sequential(conv(inputs, width, 1, stride), nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


def resnet18(widths=(64, 128, 256, 512), classes=1000):
    """He et al., 2015."""
    layers = [conv(3, widths[0], 7, 2), nn.BatchNorm2d(widths[0]), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = widths[0]
    for stage, width in enumerate(widths):
        layers += [BasicBlock(inputs, width, 1 if stage == 0 else 2), BasicBlock(width, width)]
        inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, width, expansion, stride):
        super().__init__()
        hidden = inputs * expansion
        layers = [] if expansion == 1 else [conv(inputs, hidden, 1), nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [conv(hidden, hidden, 3, stride, hidden), nn.BatchNorm2d(hidden), nn.ReLU6(), conv(hidden, width, 1), nn.BatchNorm2d(width)]
        self.layers, self.skips = nn.Sequential(*layers), stride == 1 and inputs == width

    def forward(self, x):
        return x + self.layers(x) if self.skips else self.layers(x)


MOBILE = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def mobilenet_v2(stem=32, settings=MOBILE, head=1280, classes=1000, dropout=0.2):
    """Sandler et al., 2018; settings are expansion, width, count, stride."""
    layers, inputs = [conv(3, stem, 3, 2), nn.BatchNorm2d(stem), nn.ReLU6()], stem
    for expansion, width, count, stride in settings:
        for i in range(count):
            layers.append(InvertedResidual(inputs, width, expansion, stride if i == 0 else 1))
            inputs = width
    layers += [conv(inputs, head, 1), nn.BatchNorm2d(head), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(head, classes))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(inputs), conv(inputs, 4 * growth, 1)
        self.norm2, self.conv2 = nn.BatchNorm2d(4 * growth), conv(4 * growth, growth, 3)

    def forward(self, x):
        return torch.cat([x, self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))], 1)


def densenet(stem=64, growth=32, counts=(6, 12, 24, 16), classes=1000):
    """Huang et al., 2017."""
    layers, width = [conv(3, stem, 7, 2), nn.BatchNorm2d(stem), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], stem
    for stage, count in enumerate(counts):
        if stage > 0:
            layers += [nn.BatchNorm2d(width), nn.ReLU(), conv(width, width // 2, 1), nn.AvgPool2d(2)]
            width //= 2
        for _ in range(count):
            layers.append(DenseLayer(width, growth))
            width += growth
    return nn.Sequential(*layers, nn.BatchNorm2d(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, classes))


def unit(inputs, outputs, kernel, stride=1):
    return nn.Sequential(conv(inputs, outputs, kernel, stride), nn.BatchNorm2d(outputs), nn.ReLU())


class Inception(nn.Module):
    def __init__(self, inputs, ones, reduce3, threes, reduce5, fives, pooled):
        super().__init__()
        self.branches = nn.ModuleList([
            unit(inputs, ones, 1),
            nn.Sequential(unit(inputs, reduce3, 1), unit(reduce3, threes, 3)),
            nn.Sequential(unit(inputs, reduce5, 1), unit(reduce5, fives, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(inputs, pooled, 1)),
        ])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def inception(stem=5, block=(4, 3, 6, 2, 5, 3), classes=5):
    """A block of Szegedy et al., 2015, with batch normalisation, twice."""
    width = block[0] + block[2] + block[4] + block[5]
    return nn.Sequential(
        unit(3, stem, 3), Inception(stem, *block), nn.MaxPool2d(2), Inception(width, *block), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, classes))


def text(tensor):
    return base64.b64encode(tensor.detach().contiguous().numpy().astype("<f8").tobytes()).decode()


def case(name, net, n, side, classes, seed):
    stream = Stream(seed)
    x = stream.tensor((n, 3, side, side))
    labels = torch.tensor([stream.next() % classes for _ in range(n)])
    parameters, states = dict(net.named_parameters()), {key: value for key, value in net.named_buffers() if value.dim() == 1}
    for key, value in {**parameters, **states}.items():
        stream.fill(key, value)
    net.eval()
    inference = net(x)
    net.train()
    output = net(x)
    loss = F.cross_entropy(output, labels)
    loss.backward()
    # Buffers are changed in place, so their names are looked up again.
    states = {key: value for key, value in net.named_buffers() if value.dim() == 1}
    return {
        "name": name, "n": n, "classes": classes, "seed": seed, "side": side, "loss": loss.item(), "output": text(output), "inference": text(inference),
        "gradients": [{"name": key, "shape": list(value.shape), "values": text(value.grad)} for key, value in parameters.items()],
        "states": [{"name": key, "shape": list(value.shape), "values": text(value)} for key, value in states.items()],
    }


small = ((1, 4, 1, 1), (6, 5, 2, 2), (3, 7, 2, 2), (2, 9, 1, 1))
cases = [
    case("ResNet-18", resnet18((4, 8, 12, 16), 5), 4, 40, 5, seed=1),
    case("MobileNetV2", mobilenet_v2(6, small, 20, 5, dropout=0.0), 4, 20, 5, seed=2),
    case("DenseNet", densenet(6, 3, (2, 3, 2), 5), 4, 32, 5, seed=3),
    case("Inception", inception(), 4, 9, 5, seed=4),
]
with torch.no_grad():
    whole = [("ResNet-18", resnet18()), ("MobileNetV2", mobilenet_v2()), ("DenseNet-121", densenet())]
    for name, net in whole:
        print(name, sum(value.numel() for value in net.parameters()))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "image_networks.json"), "w", newline="\n") as file:
    file.write("[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in cases) + "\n]\n")
