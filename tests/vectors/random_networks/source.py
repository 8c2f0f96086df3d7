"""Layers as the C# that declares them: attributes of a list, calls in a Forward."""

POSITIONAL = {
    "Input": ["shape"], "TokenInput": ["length", "vocabulary"], "Dense": ["units"], "Embedding": ["width"], "Dropout": ["rate"], "Dropout2D": ["rate"],
    "Conv1D": ["filters", "kernel"], "Conv2D": ["filters", "kernel"], "ConvTranspose2D": ["filters", "kernel"], "MaxPool1D": ["window"], "MaxPool2D": ["window"],
    "AveragePool1D": ["window"], "AveragePool2D": ["window"], "GroupNorm": ["groups"], "UpSample2D": ["factor"], "Pad": ["padding"], "Reshape": ["shape"],
    "Repeat": ["count"], "Parallel": ["merge"], "Activation": ["function"], "Loss": ["function"],
}
ENUMS = {"padding": "Padding", "merge": "Merge", "interpolation": "Interpolation", "target": "Target"}

# Functions of users; network.py and training.py have them in PyTorch.
FUNCTIONS = {
    "Swish": "private static float Swish(float x) => x / (1f + MathF.Exp(-x));",
    "Softsign": "private static float Softsign(float x) => x / (1f + MathF.Abs(x));",
    "Snake": "private static float Snake(float x) => x + MathF.Sin(x) * MathF.Sin(x);",
    "Cauchy": "private static float Cauchy(float y, float t) => MathF.Log(1f + (y - t) * (y - t));",
}


def literal(name, value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if name == "function":
        return f"nameof({value})"
    return f"{ENUMS[name]}.{value}" if isinstance(value, str) else repr(value)


def call(spec, pattern):
    """The arguments: required ones by position, others by name."""
    first = POSITIONAL.get(spec["kind"], [])
    named = {name: value for name, value in spec["arguments"].items() if name not in first}
    return [literal(name, spec["arguments"][name]) for name in first] + [pattern(name) + literal(name, value) for name, value in named.items()]


def attribute(spec):
    """As in Conv2D(5, 3, Stride = 2)."""
    texts = call(spec, lambda name: f"{name[0].upper()}{name[1:]} = ")
    blocks = f"<{', '.join(spec['blocks'])}>" if spec["blocks"] else ""
    return spec["kind"] + blocks + (f"({', '.join(texts)})" if texts else "")


def method(spec):
    """As in .Conv2D(5, 3, stride: 2)."""
    return f".{spec['kind']}({', '.join(call(spec, lambda name: name + ': '))})"


def target(kind, bound, shape, spec):
    """What a parameter of a loss compares with."""
    if kind != "ids":
        return f"[Target({', '.join(map(str, shape))})]"
    length = f", Length = {shape[0]}" if shape else ""
    ignored = f", Ignore = {spec['arguments']['ignore']}" if "ignore" in spec["arguments"] else ""
    return f"[Label({bound}{length}{ignored})]"


def functions(specs):
    names = [spec["arguments"]["function"] for spec in specs if "function" in spec["arguments"]]
    return [FUNCTIONS[name] for name in dict.fromkeys(names)]


def block(name, layers):
    return f"[Block, {', '.join(map(attribute, layers))}] private sealed partial class {name};"


def model(name, attributes, members):
    """A class of a model; members may have several lines."""
    lines = [line for member in members for line in member.split("\n")]
    body = "".join(f"    {line}\n" for line in lines)
    return f"[Model]\n{''.join(f'[{text}]' + chr(10) for text in attributes)}public sealed partial class {name}\n{{\n{body}}}\n"
