"""A network whose parameters are drawn by their names, and what users' functions are in PyTorch."""
import torch

from torch_layers import Network

from . import numbers

ACTIVATIONS = {"Swish": torch.nn.functional.silu, "Softsign": torch.nn.functional.softsign, "Snake": lambda x: x + torch.sin(x).square()}


class DrawnNetwork(Network):
    """Initial values by seed and name; with noise, relative errors of that size in each."""

    def __init__(self, blocks, seed, dtype=torch.float64, noise=0.0):
        super().__init__(blocks, None)
        self.seed, self.dtype, self.noise = seed, dtype, noise
        self.decays = {}
        self.initial = {}
        self.arguments = {}

    def layer(self, kind, name, arguments, x, vocabulary=None):
        if kind == "Activation":
            return ACTIVATIONS[arguments["function"]](x)
        if kind in ("Dropout", "Dropout2D"):
            return x
        self.arguments = arguments
        return super().layer(kind, name, arguments, x, vocabulary)

    def weight(self, name, *shape):
        """A weight without a layer."""
        self.arguments = {}
        return self.parameter(name, *shape)

    def parameter(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = self.value(name, shape).requires_grad_(not self.arguments.get("frozen", False))
            self.decays[name] = self.arguments.get("weightDecay")
        return self.parameters[name]

    def state(self, name, *shape):
        if name not in self.states:
            self.states[name] = self.value(name, shape)
        return self.states[name]

    def value(self, name, shape):
        self.initial[name] = numbers.parameter(self.seed, name, shape)
        return self.disturbed(self.initial[name]).to(self.dtype)

    def disturbed(self, values):
        return values * (1 + self.noise * (2 * torch.rand_like(values) - 1)) if self.noise else values.clone()
