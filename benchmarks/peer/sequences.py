"""The benchmark models of sequences."""
import math

import torch
from torch import nn
from torch.nn import functional as F

CONTEXT, VOCABULARY = 128, 256


class Lstm(nn.Module):
    """An LSTM over 128 positions of 128 values: its output at each of them."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(128, 128, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]


class TextClassifier(nn.Module):
    """Two classes of texts of 100 tokens: an embedding, a convolution, an LSTM."""

    def __init__(self):
        super().__init__()
        self.embedding, self.convolution = nn.Embedding(20_000, 32), nn.Conv1d(32, 32, 7)
        self.lstm, self.dense = nn.LSTM(32, 50, batch_first=True), nn.Linear(50, 2)

    def forward(self, tokens):
        x = F.relu(self.convolution(self.embedding(tokens).transpose(1, 2)))
        x = F.max_pool1d(x, 5).transpose(1, 2)
        return self.dense(self.lstm(x)[0][:, -1])


if hasattr(F, "scaled_dot_product_attention"):

    def causal_attention(q, k, v, mask):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)

else:

    def causal_attention(q, k, v, mask):
        return (q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5 + mask).softmax(-1) @ v


class GptLayer(nn.Module):
    """Causal attention and two dense layers, each after a normalization and with a way around it."""

    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.norm1, self.in_proj, self.out_proj = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm2, self.linear1, self.linear2 = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.full((context, context), -math.inf).triu(1), persistent=False)

    def queries_keys_values(self, x):
        """Three tensors in one, each [N, heads, T, width / heads]."""
        samples, length, width = x.shape
        return self.in_proj(self.norm1(x)).view(samples, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)

    def behind_attention(self, x, attended):
        samples, length, width = x.shape
        x = x + self.out_proj(attended.transpose(1, 2).reshape(samples, length, width))
        return x + self.linear2(F.gelu(self.linear1(self.norm2(x))))

    def forward(self, x):
        parts = self.queries_keys_values(x)
        return self.behind_attention(x, causal_attention(parts[0], parts[1], parts[2], self.mask))


class Gpt(nn.Module):
    """A GPT of four layers, 128 wide, with four heads, over 128 bytes: a logit for each byte at each position."""

    def __init__(self, layers=4, width=128, heads=4, context=CONTEXT, vocabulary=VOCABULARY, tied=False):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Parameter(0.02 * torch.randn(context, width))
        self.layers = nn.ModuleList(GptLayer(width, heads, context) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)
        if tied:
            nn.init.normal_(self.tokens.weight, std=0.02)
            self.head.weight = self.tokens.weight

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


def lstm(batch):
    return Lstm(), torch.rand(batch, 128, 128), torch.rand(batch, 128, 128), F.mse_loss


def text(batch):
    return TextClassifier(), torch.randint(0, 20_000, (batch, 100)), torch.randint(0, 2, (batch,)), F.cross_entropy


def language_model(model, batch):
    tokens, labels = (torch.randint(0, model.tokens.num_embeddings, (batch, len(model.positions))) for _ in range(2))
    return model, tokens, labels, lambda logits, truth: F.cross_entropy(logits.flatten(0, 1), truth.flatten())


def gpt(batch):
    return language_model(Gpt(), batch)


def chargpt(batch):
    return language_model(Gpt(context=64, vocabulary=67), batch)


def gpt2(batch):
    return language_model(Gpt(layers=12, width=768, heads=12, context=1024, vocabulary=50_257, tied=True), batch)


# Each makes a model, a batch of inputs and of targets, and the loss.
MODELS = {"lstm": lstm, "text": text, "chargpt": chargpt, "gpt": gpt, "gpt2": gpt2}
