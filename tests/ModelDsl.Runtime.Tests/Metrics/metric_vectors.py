"""Computes reference values for the metrics with numpy, from their textbook definitions, and writes MetricVectors.cs beside this file.

Run: python3 metric_vectors.py
"""

import pathlib

import numpy as np

random = np.random.RandomState(7)


def literal(values, suffix):
    return ", ".join(f"{v:.9g}{suffix}" for v in np.ravel(values))


# Five classes, one of which never occurs, with logits rounded so that ties happen.
samples, classes = 60, 5
labels = random.randint(0, 4, samples)
logits = (np.round(random.randn(samples, classes) * 4) / 4).astype(np.float32)
logits[np.arange(samples), labels] += 0.75
predicted = logits.argmax(1)

matrix = np.zeros((classes, classes), int)
np.add.at(matrix, (labels, predicted), 1)
support, said, hit = matrix.sum(1), matrix.sum(0), np.diag(matrix)
with np.errstate(invalid="ignore", divide="ignore"):
    precision = np.nan_to_num(hit / said)
    recall = np.nan_to_num(hit / support)
    f1 = np.nan_to_num(2 * hit / (said + support))
present = (support + said) > 0

order = np.argsort(-logits, axis=1, kind="stable")
top = {k: np.mean([labels[i] in order[i, :k] for i in range(samples)]) for k in (1, 2, 3)}

# Binary scores with ties; the area by comparing all pairs.
truth = (random.rand(40) < 0.4).astype(int)
scores = (np.round((random.randn(40) + truth) * 2) / 2).astype(np.float32)


def area(score, positive):
    pairs = score[positive][:, None] - score[~positive][None, :]
    return np.mean((pairs > 0) + 0.5 * (pairs == 0))


def log_odds(x, k):
    e = np.exp(x.astype(float))
    return np.log(e[:, k]) - np.log(e.sum(1) - e[:, k])


# Regression with three values per sample, one column far from 0.
target = (random.randn(33, 3) * [1, 5, 0.1] + [0, 1000, 2]).astype(np.float32)
output = (target + random.randn(33, 3) * [0.5, 2, 0.1]).astype(np.float32)
t, o = target.astype(float), output.astype(float)
r2 = 1 - ((t - o) ** 2).sum(0) / ((t - t.mean(0)) ** 2).sum(0)

numbers = {
    "Accuracy": (labels == predicted).mean(),
    "Top2": top[2],
    "Top3": top[3],
    "MacroPrecision": precision[present].mean(),
    "MacroRecall": recall[present].mean(),
    "MacroF1": f1[present].mean(),
    "WeightedPrecision": (precision * support).sum() / samples,
    "WeightedRecall": (recall * support).sum() / samples,
    "WeightedF1": (f1 * support).sum() / samples,
    "BinaryAccuracy": ((scores > 0) == truth).mean(),
    "BinaryArea": area(scores, truth == 1),
    "ClassTwoArea": area(np.round(log_odds(logits, 2), 9), labels == 2),
    "MeanAbsoluteError": np.abs(t - o).mean(),
    "RootMeanSquaredError": np.sqrt(((t - o) ** 2).mean()),
    "R2": r2.mean(),
}

lines = [
    "namespace ModelDsl.Runtime.Tests.Metrics;",
    "",
    "/// <summary>Reference values; written by metric_vectors.py.</summary>",
    "internal static class MetricVectors",
    "{",
    f"    public const int Classes = {classes};",
    "",
]
for name, value in numbers.items():
    lines.append(f"    public const double {name} = {float(value)!r};")
for name, kind, values, suffix in (
    ("Labels", "int", labels, ""),
    ("Logits", "float", logits, "f"),
    ("Truth", "int", truth, ""),
    ("Scores", "float", scores, "f"),
    ("Targets", "float", target, "f"),
    ("Outputs", "float", output, "f"),
    ("Matrix", "long", matrix, ""),
    ("Precision", "double", precision, ""),
    ("Recall", "double", recall, ""),
    ("F1", "double", f1, ""),
):
    if kind == "double":
        text = ", ".join(repr(float(v)) for v in values)
    else:
        text = literal(values, suffix)
    lines += ["", f"    public static readonly {kind}[] {name} =", "    ["]
    row = "       "
    for item in text.split(", "):
        if len(row) + len(item) > 130:
            lines.append(row)
            row = "       "
        row += f" {item},"
    lines += [row, "    ];"]
lines += ["}", ""]
pathlib.Path(__file__).with_name("MetricVectors.cs").write_text("\n".join(lines), newline="\n")
