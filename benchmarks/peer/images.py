"""The benchmark models of numbers and images."""
import torch
from torch import nn


class BasicBlock(nn.Module):
    """Two convolutions and a way around them, which is one itself where the shape changes."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        same = channels == width and stride == 1
        self.around = nn.Sequential() if same else nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = nn.functional.relu(self.norm1(self.conv1(x)))
        return nn.functional.relu(self.norm2(self.conv2(y)) + self.around(x))


def resnet18():
    widths = [64, 64, 128, 256, 512]
    blocks = []
    for stage in range(4):
        blocks += [BasicBlock(widths[stage], widths[stage + 1], 1 if stage == 0 else 2), BasicBlock(widths[stage + 1], widths[stage + 1], 1)]
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def linear(batch):
    return nn.Linear(2, 1), torch.rand(batch, 2), torch.rand(batch, 1), nn.functional.mse_loss


def mlp(batch):
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    return model, torch.rand(batch, 784), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy


def cnn(batch):
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
    return model, torch.rand(batch, 3, 32, 32), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy


def catsdogs(batch):
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128 * 17 * 17, 128), nn.ReLU(), nn.Linear(128, 1))
    return model, torch.rand(batch, 3, 150, 150), torch.randint(0, 2, (batch, 1)).float(), nn.functional.binary_cross_entropy_with_logits


def resnet(batch):
    return resnet18(), torch.rand(batch, 3, 32, 32), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy


# Each makes a model, a batch of inputs and of targets, and the loss.
MODELS = {"linear": linear, "mlp": mlp, "cnn": cnn, "catsdogs": catsdogs, "resnet18": resnet}
