"""The six-layer BERT of encoder-start in torch, read from its int8 ONNX file and written back into it.

The file's graph stays what it is: only weights are replaced, so what is tuned runs through the very nodes
that are shipped, and no exporter stands between the two.
"""

import functools
import hashlib
import math
import re

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
PIECES, POSITIONS = 24_000, 512
PADDING, END_OF_TEXT = 1, 2
EPS = 1e-12


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=EPS)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPS)

    def forward(self, hidden, mask):
        batch, length, _ = hidden.shape

        def heads(x):
            return x.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        # written out: torch's fused attention is six times slower than this in a backward pass on a CPU
        scores = heads(self.query(hidden)) @ heads(self.key(hidden)).transpose(2, 3) / math.sqrt(WIDTH // HEADS)
        attended = (scores + mask).softmax(3).to(hidden.dtype) @ heads(self.value(hidden))
        attended = self.output(attended.transpose(1, 2).reshape(batch, length, WIDTH))
        hidden = self.attention_norm(hidden + attended)
        inner = self.outer(F.gelu(self.inner(hidden)))
        return self.norm(hidden + inner)


class Encoder(nn.Module):
    """Token ids, mask and places in the text, each [batch, seq] → hidden states [batch, seq, 384]."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(PIECES, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        # token type 0, added to every token
        self.token_type = nn.Parameter(torch.zeros(WIDTH))
        self.embedding_norm = nn.LayerNorm(WIDTH, eps=EPS)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def embed(self, ids, positions):
        return self.embedding_norm(self.words(ids) + self.token_type + self.positions(positions))

    def forward(self, ids, mask, positions):
        hidden = self.embed(ids, positions)
        hide = (1 - mask[:, None, None, :]) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, hide)
        return hidden


@functools.cache
def multiplies_bfloat16():
    """Whether this processor multiplies bfloat16 matrices in hardware (AMX); without, float32 is twice as fast."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            return "amx_bf16" in file.read()
    except OSError:
        return False


def autocast():
    return torch.autocast("cpu", torch.bfloat16, enabled=multiplies_bfloat16())


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


# our name of a part → the file's
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm": "output.LayerNorm",
}
LINEAR = ("query", "key", "value", "output", "inner", "outer")


def bias_name(layer, part):
    return f"b.encoder.layer.{layer}.{PARTS[part]}.bias"


def matrices(graph):
    """Name of a layer's bias → base name of the quantized matrix whose product it is added to."""
    readers = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    found = {}
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        value = node.output[0]
        while True:  # MatMulInteger → Cast → Mul (scales) → Add (bias)
            (reader,) = readers[value]
            if reader.op_type == "Add":
                break
            value = reader.output[0]
        (bias,) = [name for name in reader.input if name.endswith(".bias")]
        found[bias] = re.sub("_quantized$", "", node.input[1])
    return found


def read_encoder(path):
    """An encoder with the weights of an int8 ONNX file of encoder-start's graph."""
    graph = onnx.load(path).graph
    tensors = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    names = matrices(graph)

    def dequantized(base):
        zero = tensors[f"{base}_zero_point"].astype(np.float32)
        return (tensors[f"{base}_quantized"].astype(np.float32) - zero) * tensors[f"{base}_scale"]

    state = {
        "words.weight": dequantized("b.embeddings.word_embeddings.weight"),
        "positions.weight": tensors["b.embeddings.position_embeddings.weight"],
        "token_type": tensors["onnx::Add_624"].reshape(WIDTH),
        "embedding_norm.weight": tensors["b.embeddings.LayerNorm.weight"],
        "embedding_norm.bias": tensors["b.embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        for part in PARTS:
            bias = bias_name(layer, part)
            state[f"layers.{layer}.{part}.bias"] = tensors[bias]
            # the file multiplies hidden states from the left, torch from the right
            weight = dequantized(names[bias]).T if part in LINEAR else tensors[bias.replace(".bias", ".weight")]
            state[f"layers.{layer}.{part}.weight"] = weight
    encoder = Encoder()
    encoder.load_state_dict({name: torch.tensor(np.array(value)) for name, value in state.items()})
    return encoder


def quantize(matrix):
    """int8 per column (output channel), symmetric: values, scales, zero points."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-9).astype(np.float32) / 127
    values = np.clip(np.round(matrix / scale), -127, 127).astype(np.int8)
    return values, scale.astype(np.float32), np.zeros(matrix.shape[1], np.int8)


def write_encoder(encoder, start, path):
    """The start file with this encoder's layers; embeddings are those of the start (they are not tuned)."""
    model = onnx.load(start)
    names = matrices(model.graph)
    state = {name: value.detach().float().numpy() for name, value in encoder.state_dict().items()}
    fresh = {}
    for layer in range(LAYERS):
        for part in PARTS:
            bias = bias_name(layer, part)
            fresh[bias] = state[f"layers.{layer}.{part}.bias"]
            weight = state[f"layers.{layer}.{part}.weight"]
            if part in LINEAR:
                base = names[bias]
                fresh[f"{base}_quantized"], fresh[f"{base}_scale"], fresh[f"{base}_zero_point"] = quantize(weight.T)
            else:
                fresh[bias.replace(".bias", ".weight")] = weight
    for tensor in model.graph.initializer:
        if tensor.name in fresh:
            value = np.ascontiguousarray(fresh[tensor.name])
            tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
    onnx.save(model, path)
