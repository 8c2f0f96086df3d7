"""What a statement of a random Forward may be: C#, and the same in PyTorch."""
import torch

from torch_layers import Scope, layer


def mean_of_all(x, like):
    """The mean of each sample, in as many axes as another value has."""
    return x.flatten(1).mean(1).reshape(-1, *[1] * (like.dim() - 1))


def dense(draw):
    if a := draw.pick():
        draw.layers(a, draw.draws.dense(draw.random.randint(3, 9)), draw.activation())


def convolution(draw):
    if a := draw.pick(lambda shape: len(shape) == 3):
        more = draw.draws.pick([{}, {"padding": "Same"}, {"stride": 2, "padding": "Same"}, {"paddingSize": 1, "useBias": False}])
        draw.layers(a, layer("Conv2D", filters=draw.random.randint(2, 5), kernel=draw.random.randint(1, 3), **more), draw.activation())


def smaller(draw):
    if a := draw.pick(lambda shape: len(shape) == 3):
        draw.layers(a, draw.draws.pick([layer("MaxPool2D", window=2), layer("AveragePool2D", window=2, stride=1), layer("GlobalAveragePool")]))


def larger(draw):
    if a := draw.pick(lambda shape: len(shape) == 3):
        draw.layers(a, draw.draws.pick([layer("UpSample2D", factor=2), layer("ConvTranspose2D", filters=2, kernel=2, stride=2)]))


def normalisation(draw):
    if a := draw.pick(lambda shape: shape[-1] > 2):
        draw.layers(a, draw.draws.normalisation(draw.shape(a)))


def softmax(draw):
    if a := draw.pick(lambda shape: shape[-1] > 2):
        draw.layers(a, layer("Softmax"))


def function(draw):
    if a := draw.pick():
        text, of = draw.draws.pick([
            ("{0}.Sin()", torch.sin), ("{0}.Cos()", torch.cos), ("{0}.Abs()", torch.abs), ("{0}.Tanh().Exp()", lambda x: torch.tanh(x).exp()),
            ("({0}.Square() + 0.5).Log()", lambda x: (x.square() + 0.5).log()), ("({0}.Square() + 1).Sqrt()", lambda x: (x.square() + 1).sqrt()),
            ("1 - 0.5 * {0}", lambda x: 1 - 0.5 * x), ("-{0} / 2", lambda x: -x / 2), ("{0} * {0}.StopGradient()", lambda x: x * x.detach()),
        ])
        draw.let(text.format(a), lambda scope, values: of(values[a]), a)


def statistics(draw):
    if a := draw.pick():
        text, of = draw.draws.pick([
            ("{0} - {0}.Mean()", lambda x: x - mean_of_all(x, x)),
            ("{0} / ({0}.Square().Sum() + 1).Sqrt()", lambda x: x / (x.flatten(1).square().sum(1) + 1).sqrt().reshape(-1, *[1] * (x.dim() - 1))),
        ])
        draw.let(text.format(a), lambda scope, values: of(values[a]), a)


def axis(draw):
    if a := draw.pick(lambda shape: len(shape) > 1):
        number = draw.random.randrange(len(draw.shape(a)))
        text, of = draw.draws.pick([
            (f"{a}.Mean({number})", lambda x: x.mean(number + 1)), (f"0.3 * {a}.Sum({number})", lambda x: 0.3 * x.sum(number + 1)),
        ])
        draw.let(text, lambda scope, values: of(values[a]), a)


def combination(draw):
    if a := draw.pick():
        b = draw.pick(lambda shape: shape == draw.shape(a))
        text, of = draw.draws.pick([
            ("{0} + {1}", lambda x, y: x + y), ("{0} - 0.5 * {1}", lambda x, y: x - 0.5 * y), ("{0} * {1}.Sigmoid()", lambda x, y: x * torch.sigmoid(y)),
            ("{0} / (1 + {1}.Square())", lambda x, y: x / (1 + y.square())), ("({0} - {1}).Square()", lambda x, y: (x - y).square()),
        ])
        if a != b:
            draw.let(text.format(a, b), lambda scope, values: of(values[a], values[b]), a, b)


def broadcast(draw):
    """Each position of a sequence meets a vector of its width."""
    if (a := draw.pick(lambda shape: len(shape) > 1)) and (b := draw.pick(lambda shape: len(shape) == 1)):
        width, spec = draw.shape(a)[-1], layer("Dense", units=draw.shape(a)[-1])

        def of(scope, values):
            gate = torch.sigmoid(scope.apply(spec, values[b]))
            return values[a] * gate.reshape(-1, *[1] * (values[a].dim() - 2), width)

        draw.let(f"{a} * {b}.Dense({width}).Sigmoid()", of, a, b)


def concatenation(draw):
    if a := draw.pick():
        b = draw.pick(lambda shape: shape[:-1] == draw.shape(a)[:-1])
        draw.let(f"Tensor.Concat({a}, {b}.Tanh())", lambda scope, values: torch.cat([values[a], torch.tanh(values[b])], -1), a, b)


def part(draw):
    if a := draw.pick(lambda shape: len(shape) > 1 and shape[0] > 1):
        last = len(draw.shape(a)) - 1
        text, of = draw.draws.pick([
            ("{0}[0]", lambda x: x[:, 0]), ("{0}[^1]", lambda x: x[:, -1]), ("{0}[1..]", lambda x: x[:, 1:]), ("{0}[..^1]", lambda x: x[:, :-1]),
            (f"{{0}}.Slice(0, 2, {last})", lambda x: x.narrow(-1, 0, 2)),
        ])
        draw.let(text.format(a), lambda scope, values: of(values[a]), a)


def shape(draw):
    if a := draw.pick(lambda shape: len(shape) > 1):
        first, *others = draw.shape(a)
        draw.layers(a, draw.draws.pick([layer("Flatten"), layer("Reshape", shape=[torch.Size(others).numel(), first])]))


def matrix(draw):
    """A product with a weight, and back with the same one transposed."""
    if a := draw.pick():
        width, columns = draw.shape(a)[-1], draw.random.randint(3, 6)
        name = draw.weight(width, columns)
        key = name[0].lower() + name[1:]
        table = lambda scope: scope.network.weight(key, width, columns)
        if draw.draws.chance(2):
            draw.let(f"{a}.MatMul({name})", lambda scope, values: values[a] @ table(scope), a)
        else:
            draw.let(
                f"{a}.MatMul({name}).Tanh().MatMul({name}.Transpose())",
                lambda scope, values: torch.tanh(values[a] @ table(scope)) @ table(scope).T, a)


def gather(draw, ids, vocabulary, width):
    """An embedding from a weight, which a later product may use once more."""
    name = draw.weight(vocabulary, width)
    key = name[0].lower() + name[1:]
    draw.let(f"{name}.Gather({ids})", lambda scope, values: scope.network.weight(key, vocabulary, width)[values[ids]])


def attention(draw):
    """Every position looks at all others."""
    if a := draw.pick(lambda shape: len(shape) == 2 and shape[0] > 1):
        width, spec = draw.random.randint(3, 6), layer("Dense", units=draw.random.randint(3, 6))
        queries = layer("Dense", units=width)

        def of(scope, values):
            q, k = scope.apply(queries, values[a]), scope.apply(queries, values[a])
            return torch.softmax(0.5 * q @ k.transpose(1, 2), -1) @ scope.apply(spec, values[a])

        draw.let(f"(0.5 * {a}.Dense({width}).MatMul({a}.Dense({width}).Transpose())).Softmax().MatMul({a}.Dense({spec['arguments']['units']}))", of, a)


def twice(draw):
    """One set of weights in a field, used for two values or twice for one."""
    if a := draw.pick():
        b = draw.pick(lambda shape: len(shape) == len(draw.shape(a)) and shape[:-1] == draw.shape(a)[:-1])
        width, units, field = draw.random.randint(3, 6), draw.random.randint(3, 6), f"shared{len(draw.blocks) + 1}"
        key, spec = draw.list_block(units), layer("Dense", units=width)
        draw.members.append(f"private readonly {key} {field} = new();")
        sign = draw.draws.pick("-*")

        def of(scope, values):
            block = lambda x: Scope(scope.network, field + ".").run(draw.blocks[key], x)
            left = block(scope.apply(spec, values[a]))
            right = block(scope.apply(spec, values[b]))
            return left - right if sign == "-" else left * right

        draw.let(f"{a}.Dense({width}).Apply({field}) {sign} {b}.Dense({width}).Apply({field})", of, a, b)


def blocks(draw):
    """A block of its own for each of several rounds."""
    if a := draw.pick():
        key = draw.list_block(draw.shape(a)[-1])

        def of(scope, values):
            return values[a] + scope.block(key, scope.block(key, values[a]))

        draw.let(f"{a} + {a}.Apply(new {key}()).Apply(new {key}())", of, a)


def gate(draw):
    """A block of two values with a parameter."""
    if a := draw.pick():
        b, scale = draw.pick(), draw.draws.pick([0.25, 0.5])
        declared = (
            "[Block]\nprivate sealed partial class Gate(double scale)\n{\n    private Tensor Forward(Tensor x, Tensor condition) =>\n"
            "        (x * condition.Dense(x.Channels).Sigmoid()) + (scale * condition.Dense(x.Channels, useBias: false));\n}")
        if declared not in draw.members:
            draw.members.append(declared)

        def of(scope, values):
            x, own = values[a], Scope(scope.network, scope.name("Gate") + ".")
            first = torch.sigmoid(own.apply(layer("Dense", units=x.shape[-1]), values[b].flatten(1)))
            second = own.apply(layer("Dense", units=x.shape[-1], useBias=False), values[b].flatten(1))
            spread = lambda y: y.reshape(-1, *[1] * (x.dim() - 2), x.shape[-1])
            return x * spread(first) + scale * spread(second)

        draw.let(f"{a}.Apply(new Gate({scale}), {b}.Flatten())", of, a, b)


def recurrence(draw):
    """A simple recurrence over the positions of a sequence."""
    if a := draw.pick(lambda shape: len(shape) == 2 and shape[0] > 1):
        units = draw.random.randint(2, 5)

        def of(scope, values):
            own, x, outputs = scope.name("Scan") + ".", values[a], []
            state = x.new_zeros(x.shape[0], units)
            for position in range(x.shape[1]):
                step = Scope(scope.network, own)
                state = torch.tanh(step.apply(layer("Dense", units=units), x[:, position]) + step.apply(layer("Dense", units=units, useBias=False), state))
                outputs.append(state)
            return torch.stack(outputs, 1)

        draw.let(
            f"{a}.Scan(Tensor.Zeros({units}), (h, x) => {{ var next = (x.Dense({units}) + h.Dense({units}, useBias: false)).Tanh(); return (next, next); }})", of, a)


ALL = [
    dense, dense, convolution, convolution, smaller, larger, normalisation, softmax, function, statistics, axis, combination, combination, broadcast, concatenation, part,
    shape, matrix, matrix, attention, twice, blocks, gate, recurrence,
]
