"""Writes language.json: how many parameters the networks of docs/language.md have in PyTorch.

Run with any PyTorch from 1.13: python3 tests/vectors/language.py
"""
import json
import os

from torch import nn


def conv(channels, filters, kernel, **more):
    return nn.Conv2d(channels, filters, kernel, bias=False, **more)


class BasicBlock(nn.Module):
    def __init__(self, channels, width, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            conv(channels, width, 3, stride=stride, padding=1), nn.BatchNorm2d(width), nn.ReLU(), conv(width, width, 3, padding=1), nn.BatchNorm2d(width))
        changes = stride > 1 or channels != width
        self.shortcut = nn.Sequential(conv(channels, width, 1, stride=stride), nn.BatchNorm2d(width)) if changes else nn.Identity()


def resnet18():
    sizes = [(64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1)]
    return nn.Sequential(
        conv(3, 64, 7, stride=2, padding=3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1), *[BasicBlock(*size) for size in sizes],
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))


def double_conv(channels, width):
    return nn.Sequential(
        conv(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), conv(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU())


def unet(channels, width, levels):
    if levels == 0:
        return double_conv(channels, width)
    return nn.ModuleList([
        double_conv(channels, width), unet(width, 2 * width, levels - 1), nn.ConvTranspose2d(2 * width, width, 2, stride=2), double_conv(2 * width, width)])


def painter():
    up = [part for width in (128, 64, 32) for part in (nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(width))]
    return nn.Sequential(nn.Linear(100, 4 * 4 * 256), nn.BatchNorm2d(256), *up, nn.Conv2d(32, 3, 3, padding=1))


def critic():
    return nn.Sequential(nn.Conv2d(3, 64, 4, stride=2), conv(64, 128, 4, stride=2), nn.BatchNorm2d(128), nn.Linear(128, 1))


def perceptron(*sizes):
    return nn.Sequential(*[nn.Linear(*pair) for pair in zip(sizes, sizes[1:])])


networks = {
    "Digits": perceptron(784, 128, 10),
    "CifarNet": nn.Sequential(nn.Conv2d(3, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3), perceptron(4 * 4 * 64, 64, 10)),
    "ResNet18": resnet18(),
    "UNet": nn.ModuleList([unet(3, 64, 4), nn.Conv2d(64, 1, 1)]),
    "Unrolled": nn.ModuleList([nn.Linear(16, 16), nn.Linear(16, 1)]),
    "Siamese": nn.ModuleList([perceptron(64, 32, 16), nn.Linear(16, 1)]),
    "Tied": nn.ModuleList([nn.Embedding(256, 64), nn.Embedding(32, 64), nn.LayerNorm(64), nn.Linear(64, 64)]),
    "Gpt": nn.ModuleList([
        nn.Embedding(96, 64), nn.Embedding(64, 64), nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 4, 256), 2, nn.LayerNorm(64)), nn.Linear(64, 96)]),
    "Pages": nn.ModuleList([nn.Embedding(500, 16), nn.Linear(12, 16), nn.Linear(32, 5), nn.Linear(32, 1)]),
    "Vae": nn.ModuleList([nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20), nn.Linear(20, 400), nn.Linear(400, 784)]),
    "Gan": nn.ModuleList([perceptron(32, 128, 784), perceptron(784, 128, 1)]),
    "Dcgan": nn.ModuleList([painter(), critic()]),
    "Oscillation": perceptron(1, 32, 32, 1),
}
counts = {name: sum(parameter.numel() for parameter in network.parameters()) for name, network in networks.items()}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "language.json"), "w", newline="\n") as file:
    json.dump(counts, file, indent=2)
    file.write("\n")
