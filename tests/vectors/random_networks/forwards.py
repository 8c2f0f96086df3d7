"""Random networks as Forward methods: several inputs, branches that meet again, weights that are used twice, and losses of several outputs."""
import torch

from torch_layers import Scope, layer

from . import source, steps
from .network import DrawnNetwork
from .training import target_of


class ForwardDraw:
    """Draws a method statement by statement. Each statement is C# and a function of a scope and the values so far; it is run as it is drawn, for its shape."""

    def __init__(self, name, draws):
        self.name, self.draws, self.random = name, draws, draws.random
        self.blocks, self.members, self.functions = {}, [], []
        self.inputs, self.columns, self.vocabularies = [], [], {}
        self.statements, self.program_steps = [], []
        self.terms, self.unread, self.weights = [], [], []
        self.probe = {}
        self.scope = Scope(DrawnNetwork(self.blocks, 0))

    # What a step of the method is made of.

    def shape(self, term):
        return list(self.probe[term].shape[1:])

    def read(self, *terms):
        self.unread = [term for term in self.unread if term not in terms]

    def pick(self, fits=lambda shape: True):
        """Mostly one of the last values that fit; None where there is none."""
        fitting = [term for term in self.terms if fits(self.shape(term))]
        return (self.draws.pick(fitting) if self.draws.chance(3) else self.draws.pick(fitting[-3:])) if fitting else None

    def let(self, text, function, *reads):
        """The name of a new value; None, and nothing declared, where it is too large or does not fit."""
        try:
            with torch.no_grad():
                value = function(self.scope, self.probe)
        except (RuntimeError, ValueError, IndexError):
            return None
        if not 0 < value[0].numel() <= 300 or not torch.isfinite(value).all():
            return None
        name = f"v{len(self.program_steps) + 1}"
        self.probe[name] = value
        self.statements.append(f"var {name} = {text};")
        self.program_steps.append((name, function))
        self.read(*reads)
        self.terms.append(name)
        self.unread.append(name)
        return name

    def layers(self, term, *specs):
        """Layers behind one another on a value."""
        name = self.let(term + "".join(map(source.method, specs)), lambda scope, values: scope.run(specs, values[term]), term)
        self.functions += specs if name else []
        return name

    def activation(self):
        """Softmax only as a step of its own: what follows it would hardly change."""
        spec = self.draws.activations.draw()
        return self.activation() if spec["kind"] == "Softmax" else spec

    def list_block(self, width):
        key = "Part" + chr(ord("A") + len(self.blocks))
        self.blocks[key] = [layer("Dense", units=self.random.randint(3, 8)), self.activation(), layer("Dense", units=width)]
        self.functions += self.blocks[key]
        self.members.append(source.block(key, self.blocks[key]))
        return key

    def weight(self, *shape):
        """A weight of that shape, perhaps one that is there already."""
        for name, known in self.weights:
            if known == shape and not self.draws.chance(3):
                return name
        name = f"Table{len(self.weights) + 1}"
        self.weights.append((name, shape))
        self.members.append(f"[Weight({', '.join(map(str, shape))})] private static partial Tensor {name} {{ get; }}")
        return name

    # The method.

    def draw(self):
        for _ in range(self.random.randint(1, 3)):
            self.input()
        wanted = self.random.randint(4, 7)
        for _ in range(40):
            if len(self.program_steps) < wanted:
                self.draws.pick(steps.ALL)(self)
        outputs = [self.output("y1")]
        if self.draws.chance(2):
            outputs.append(self.output("y2"))
        self.outputs = outputs
        return self.losses()

    def input(self):
        name = "abc"[len(self.inputs)]
        form = self.random.randrange(5)
        if form == 0:
            length, vocabulary, width = self.random.randint(2, 6), self.random.randint(4, 12), self.random.randint(3, 7)
            self.inputs.append(f"[TokenInput(length: {length}, vocabulary: {vocabulary})] Tensor {name}")
            self.columns.append(("ids", vocabulary, [length]))
            self.probe[name] = torch.zeros(2, length, dtype=torch.int64)
            if self.draws.chance(2):
                steps.gather(self, name, vocabulary, width)
            else:
                spec = layer("Embedding", width=width)
                self.let(name + source.method(spec), lambda scope, values: scope.apply(spec, values[name], vocabulary))
            return
        shape = {1: [self.random.randint(3, 6), self.random.randint(2, 5)], 2: [self.random.randint(3, 6), self.random.randint(3, 6), self.random.randint(1, 3)]}
        shape = shape.get(form) or [self.random.randint(3, 12)]
        self.inputs.append(f"[Input({', '.join(map(str, shape))})] Tensor {name}")
        self.columns.append(("numbers", 0, shape))
        self.probe[name] = 0.1 + torch.rand(2, *shape)
        self.terms.append(name)
        self.unread.append(name)

    def output(self, name):
        """A last layer, and what nothing has read so far."""
        last = self.terms[-1] if not self.unread else self.unread[-1]
        spec = layer("Dense", units=self.random.randint(2, 5))
        self.read(last)
        left = list(self.unread) if name == "y1" else []
        self.read(*left)
        factors = [f" + {0.25 * (i + 1)!r} * {term}.Mean()" for i, term in enumerate(left)]
        text = f"{last}{source.method(spec)}" + (f" * (1{''.join(factors)})" if left else "")

        def function(scope, values):
            y = scope.apply(spec, values[last])
            return y * (1 + sum(0.25 * (i + 1) * steps.mean_of_all(values[term], y) for i, term in enumerate(left)))

        with torch.no_grad():
            self.probe[name] = function(self.scope, self.probe)
        self.statements.append(f"var {name} = {text};")
        self.program_steps.append((name, function))
        return name

    def losses(self):
        """Terms of the loss: share, output, layer, column; and the targets' columns."""
        specs = [self.draws.losses.draw() for _ in self.outputs]
        if len(specs) == 1:
            self.attributes, self.loss_methods = [source.attribute(specs[0])], []
            self.functions += specs
            self.columns.append(target_of(specs[0], self.shape("y1")))
            return [(1.0, "output", specs[0], len(self.columns) - 1)]
        self.attributes, parameters, texts, terms = [], [], [], []
        for output, spec, share in zip(self.outputs, specs, (0.7, 0.4)):
            if spec["kind"] == "Loss" or (spec["kind"] == "SoftmaxCrossEntropy" and len(self.shape(output)) > 2 and not spec["arguments"].get("softTargets")):
                spec = layer("MeanSquaredError")        # a user's function is a class's loss; labels have one axis of positions at most
            kind, bound, shape = target_of(spec, self.shape(output))
            self.columns.append((kind, bound, shape))
            more = {name: value for name, value in spec["arguments"].items() if name not in ("softTargets", "ignore")}
            named = (f", {name}: {source.literal(name, value)}" for name, value in more.items())
            parameters += [f"Tensor {output}", f"{source.target(kind, bound, shape, spec)} Tensor t{output[1:]}"]
            texts.append(f"{share} * {output}.{spec['kind']}(t{output[1:]}{''.join(named)}).Mean()")
            terms.append((share, output, spec, len(self.columns) - 1))
        self.loss_methods = [f"[Loss]\nprivate static Tensor Sum({', '.join(parameters)}) =>\n    {' + '.join(texts)};"]
        return terms

    def source(self):
        returned, kind = ("y1", "Tensor") if len(self.outputs) == 1 else ("(y1, y2)", "(Tensor y1, Tensor y2)")
        lines = "".join(f"\n    {line}" for line in [*self.statements, f"return {returned};"])
        method = f"private {kind} Forward({', '.join(self.inputs)})\n{{{lines}\n}}"
        return source.model(self.name, self.attributes, [*self.members, *source.functions(self.functions), method, *self.loss_methods])

    def program(self):
        def run(scope, columns):
            values = dict(zip("abc", columns[:len(self.inputs)]))
            for name, function in self.program_steps:
                values[name] = function(scope, values)
            return {"output": values["y1"]} if len(self.outputs) == 1 else {name: values[name] for name in self.outputs}
        return run
