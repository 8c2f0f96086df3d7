"""The layers in terms of PyTorch's functions, for the scripts that write test vectors. Values have their channels last, as the compiler has them."""
import torch
import torch.nn.functional as F

import torch_attention


def layer(kind, *blocks, **arguments):
    """A layer as it is declared: blocks by name, arguments by the names of the C# parameters."""
    return {"kind": kind, "blocks": list(blocks), "arguments": arguments}


def dense(units, **more):
    return layer("Dense", units=units, **more)


class Network:
    """Runs layers, making parameters and states under the names the compiler gives them."""

    def __init__(self, blocks, draw):
        self.blocks = blocks
        self.draw = draw
        self.parameters = {}
        self.states = {}
        self.initial_states = {}
        self.training = True
        self.counts = None

    def parameter(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = self.draw(*shape).requires_grad_()
        return self.parameters[name]

    def state(self, name, *shape):
        if name not in self.states:
            self.states[name] = 0.5 + torch.rand(*shape)
            self.initial_states[name] = self.states[name].clone()
        return self.states[name]

    def run(self, layers, x, prefix="", vocabulary=None):
        return Scope(self, prefix).run(layers, x, vocabulary)

    def layer(self, kind, name, arguments, x, vocabulary=None):
        width = x.shape[-1]
        if kind == "Dense":
            weight = self.parameter(name + ".weight", arguments["units"], width)
            bias = self.parameter(name + ".bias", arguments["units"]) if arguments.get("useBias", True) else None
            return F.linear(x, weight, bias)
        if kind == "Embedding":
            return F.embedding(x, self.parameter(name + ".weight", vocabulary, arguments["width"]))
        if kind == "PositionalEmbedding":
            return x + self.parameter(name + ".weight", x.shape[1], width)
        if kind == "SinusoidalEmbedding":
            return x + torch_attention.sinusoids(x.shape[1], width)
        if kind == "RotaryEmbedding":
            rows = x.flatten(2, -2) if x.dim() > 3 else x[:, :, None]
            return torch_attention.rotate(rows.transpose(1, 2), arguments.get("base", 10_000)).transpose(1, 2).reshape(x.shape)
        if kind == "SelfAttention":
            return torch_attention.self_attention(self, name, arguments, x)
        if kind == "TransformerEncoder":
            return torch_attention.transformer_encoder(self, name, arguments, x)
        if kind == "LayerNorm":
            weight, bias = self.affine(name, arguments, width)
            return F.layer_norm(x, (width,), weight, bias, arguments.get("epsilon", 1e-5))
        if kind == "BatchNorm":
            weight, bias = self.affine(name, arguments, width)
            mean, variance = self.state(name + ".running_mean", width), self.state(name + ".running_var", width)
            momentum, epsilon = arguments.get("momentum", 0.1), arguments.get("epsilon", 1e-5)
            from_batch = self.training and not arguments.get("frozen", False)
            return F.batch_norm(x.movedim(-1, 1), mean, variance, weight, bias, from_batch, momentum, epsilon).movedim(1, -1)
        if kind == "GroupNorm":
            weight, bias = self.affine(name, arguments, width)
            return F.group_norm(x.movedim(-1, 1), arguments["groups"], weight, bias, arguments.get("epsilon", 1e-5)).movedim(1, -1)
        if kind == "GlobalAveragePool" and self.counts is not None:
            return (x * self.counts[..., None]).sum(1) / self.counts.sum(1, keepdim=True)
        if kind == "GlobalAveragePool":
            return x.flatten(1, -2).mean(1)
        if kind == "UpSample2D":
            mode = arguments.get("interpolation", "Nearest").lower()
            corners = {"align_corners": False} if mode == "bilinear" else {}
            return F.interpolate(x.movedim(-1, 1), scale_factor=arguments["factor"], mode=mode, **corners).movedim(1, -1)
        if kind == "Pad":
            # Two numbers per axis, the last axis first and the channels before it.
            sides = arguments["padding"]
            return F.pad(x, (0, 0, *(side for axis in reversed(range(len(sides) // 2)) for side in sides[2 * axis:2 * axis + 2])))
        if kind == "RmsNorm":
            weight = self.parameter(name + ".weight", width) if arguments.get("useScale", True) else 1
            return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + arguments.get("epsilon", 1e-6)) * weight
        if kind in ("Conv2D", "Conv1D"):
            return self.convolution(kind, name, arguments, x)
        if kind == "ConvTranspose2D":
            return self.transposed(name, arguments, x)
        if kind in ("MaxPool2D", "MaxPool1D", "AveragePool2D", "AveragePool1D"):
            return pool(kind, arguments, x)
        if kind == "Flatten":
            return x.flatten(1)
        if kind == "Reshape":
            return x.reshape(x.shape[0], *arguments["shape"])
        return {
            "Relu": F.relu,
            "LeakyRelu": lambda v: F.leaky_relu(v, arguments.get("slope", 0.01)),
            "Elu": lambda v: F.elu(v, arguments.get("alpha", 1.0)),
            "Gelu": lambda v: F.gelu(v, approximate="tanh" if arguments.get("approximate") else "none"),
            "Silu": F.silu,
            "Sigmoid": torch.sigmoid,
            "Tanh": torch.tanh,
            "Softplus": F.softplus,
            "Softmax": lambda v: F.softmax(v, -1),
        }[kind](x)

    def affine(self, name, arguments, width):
        """The scale and the bias of a normalisation; None for what it does without."""
        weight = self.parameter(name + ".weight", width) if arguments.get("useScale", True) else None
        return weight, self.parameter(name + ".bias", width) if arguments.get("useBias", True) else None

    def convolution(self, kind, name, arguments, x):
        filters, kernels, groups = arguments["filters"], kernel_sizes(kind, arguments), arguments.get("groups", 1)
        x = x.movedim(-1, 1)
        weight = self.parameter(name + ".weight", filters, x.shape[1] // groups, *kernels)
        bias = self.parameter(name + ".bias", filters) if arguments.get("useBias", True) else None
        stride, dilation = arguments.get("stride", 1), arguments.get("dilation", 1)
        padding = arguments.get("paddingSize", 0)
        if same(arguments):
            x = F.pad(x, same_padding(x.shape[2:], kernels, stride, dilation))
        function = F.conv1d if kind == "Conv1D" else F.conv2d
        return function(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups).movedim(1, -1)

    def transposed(self, name, arguments, x):
        filters, kernels = arguments["filters"], kernel_sizes("ConvTranspose2D", arguments)
        stride, dilation, more = arguments.get("stride", 1), arguments.get("dilation", 1), arguments.get("outputPadding", 0)
        x = x.movedim(-1, 1)
        weight = self.parameter(name + ".weight", x.shape[1], filters, *kernels)
        bias = self.parameter(name + ".bias", filters) if arguments.get("useBias", True) else None
        if not same(arguments):
            padding = arguments.get("paddingSize", 0)
            return F.conv_transpose2d(x, weight, bias, stride, padding, more, dilation=dilation).movedim(1, -1)
        # The convolution that it is the transpose of has this padding; where the window is smaller than the stride, there are zeros behind.
        y = F.conv_transpose2d(x, weight, None, stride, dilation=dilation)
        for axis, kernel in enumerate(kernels):
            reach, size = dilation * (kernel - 1) + 1, x.shape[axis + 2] * stride + more
            before = max(0, reach - stride) // 2
            y = F.pad(y.movedim(axis + 2, -1), (0, max(0, before + size - y.shape[axis + 2]))).narrow(-1, before, size).movedim(-1, axis + 2)
        return (y if bias is None else y + bias[:, None, None]).movedim(1, -1)


class Scope:
    """The layers of one list, or of one method: names are counted within it."""

    def __init__(self, network, prefix=""):
        self.network = network
        self.prefix = prefix
        self.numbers = {}

    def name(self, kind):
        stem = kind[0].lower() + kind[1:]
        self.numbers[stem] = self.numbers.get(stem, 0) + 1
        return self.prefix + stem + str(self.numbers[stem])

    def block(self, key, x, vocabulary=None):
        return Scope(self.network, self.name(key) + ".").run(self.network.blocks[key], x, vocabulary)

    def run(self, layers, x, vocabulary=None):
        for spec in layers:
            x = self.apply(spec, x, vocabulary)
        return x

    def apply(self, spec, x, vocabulary=None):
        kind, blocks, arguments = spec["kind"], spec["blocks"], spec["arguments"]
        if kind == "Apply":
            return self.block(blocks[0], x, vocabulary)
        if kind == "Repeat":
            for _ in range(arguments["count"]):
                x = self.block(blocks[0], x, vocabulary)
            return x
        if kind == "Residual":
            return x + self.block(blocks[0], x, vocabulary)
        if kind == "Parallel":
            results = [self.block(key, x, vocabulary) for key in blocks]
            return torch.cat(results, -1) if arguments["merge"] == "Concat" else sum(results)
        return self.network.layer(kind, self.name(kind), arguments, x, vocabulary)


def kernel_sizes(kind, arguments):
    kernel = arguments["kernel"]
    return (kernel,) if kind == "Conv1D" else (kernel, arguments.get("kernelWidth") or kernel)


def same(arguments):
    return arguments.get("padding") == "Same" and "paddingSize" not in arguments


def same_padding(sizes, kernels, stride, dilation=1):
    """Sides as F.pad takes them, for ⌈size / stride⌉ positions; an odd number has its larger half behind, as in Keras."""
    sides = []
    for size, kernel in reversed(list(zip(sizes, kernels))):
        total = max(0, (-(-size // stride) - 1) * stride + dilation * (kernel - 1) + 1 - size)
        sides += [total // 2, total - total // 2]
    return sides


def pool(kind, arguments, x):
    """The maximum or the mean of each window: what lies beyond the edges does not count."""
    window = arguments["window"]
    stride, padding, x = arguments.get("stride") or window, arguments.get("paddingSize", 0), x.movedim(-1, 1)
    largest, average = (F.max_pool2d, F.avg_pool2d) if kind.endswith("2D") else (F.max_pool1d, F.avg_pool1d)
    if not same(arguments):
        y = largest(x, window, stride, padding) if kind.startswith("Max") else average(x, window, stride, padding, count_include_pad=False)
        return y.movedim(1, -1)
    sides = same_padding(x.shape[2:], [window] * (x.dim() - 2), stride)
    if kind.startswith("Max"):
        return largest(F.pad(x, sides, value=-torch.inf), window, stride).movedim(1, -1)
    inside = average(F.pad(torch.ones_like(x), sides), window, stride)
    return (average(F.pad(x, sides), window, stride) / inside).movedim(1, -1)
