"""Writes a BERT encoder as ONNX: of BERT-base shape with made-up weights, or from a safetensors file.

bertModel.py OUT.onnx [FOLDER with config.json and model.safetensors]
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BASE = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "vocab_size": 30522,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
}


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[8 + length + begin : 8 + length + end], "<f4").reshape(entry["shape"])
    return tensors


def made_up(config):
    """Columns of unlike size, as training leaves them; the same numbers every time."""
    random = np.random.default_rng(0)
    width, inner = config["hidden_size"], config["intermediate_size"]

    def matrix(rows, columns):
        spread = np.exp(random.uniform(-0.8, 0.8, (rows, 1)))
        return (random.standard_normal((rows, columns), dtype=np.float32) * spread / np.sqrt(columns)).astype(np.float32)

    def vector(length):
        return (random.standard_normal(length) * 0.02).astype(np.float32)

    tensors = {
        "embeddings.word_embeddings.weight": (random.standard_normal((config["vocab_size"], width)) * 0.05).astype(np.float32),
        "embeddings.position_embeddings.weight": (random.standard_normal((config["max_position_embeddings"], width)) * 0.05).astype(np.float32),
        "embeddings.token_type_embeddings.weight": (random.standard_normal((config["type_vocab_size"], width)) * 0.05).astype(np.float32),
        "pooler.dense.weight": matrix(width, width),
        "pooler.dense.bias": vector(width),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(config["num_hidden_layers"]):
        prefix = f"encoder.layer.{layer}."
        for name, rows, columns in (
            ("attention.self.query", width, width),
            ("attention.self.key", width, width),
            ("attention.self.value", width, width),
            ("attention.output.dense", width, width),
            ("intermediate.dense", inner, width),
            ("output.dense", width, inner),
        ):
            tensors[f"{prefix}{name}.weight"] = matrix(rows, columns)
            tensors[f"{prefix}{name}.bias"] = vector(rows)
        norms += [prefix + "attention.output.LayerNorm", prefix + "output.LayerNorm"]
    for norm in norms:
        tensors[f"{norm}.weight"] = np.ones(width, np.float32)
        tensors[f"{norm}.bias"] = np.zeros(width, np.float32)
    return tensors


class Graph:
    def __init__(self, tensors):
        self.tensors = tensors
        self.nodes = []
        self.initializers = {}

    def constant(self, name, array):
        array = np.asarray(array)
        # ascontiguousarray would make a vector of a scalar.
        array = np.ascontiguousarray(array) if array.ndim else array
        self.initializers.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def weight(self, name):
        return self.constant(name, self.tensors[name])

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def dense(self, value, name):
        # torch stores [out, in]; MatMul wants [in, out], and that is what its exporters write.
        matrix = self.constant(f"{name}.weight", self.tensors[f"{name}.weight"].T)
        return self.node("Add", [self.node("MatMul", [value, matrix], f"{name}/MatMul"), self.weight(f"{name}.bias")], f"{name}/Add")

    def norm(self, value, name, epsilon):
        return self.node("LayerNormalization", [value, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")], f"{name}/Norm", axis=-1, epsilon=epsilon)

    def gelu(self, value, name):
        erf = self.node("Erf", [self.node("Div", [value, self.constant("sqrt2", np.float32(np.sqrt(2)))], f"{name}/Div")], f"{name}/Erf")
        half = self.node("Mul", [value, self.node("Add", [erf, self.constant("one", np.float32(1))], f"{name}/Plus")], f"{name}/Mul")
        return self.node("Mul", [half, self.constant("half", np.float32(0.5))], f"{name}/Gelu")


def build(config, tensors):
    g = Graph(tensors)
    width, heads, epsilon = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]
    words = g.node("Gather", [g.weight("embeddings.word_embeddings.weight"), "input_ids"], "words")
    kinds = g.node("Gather", [g.weight("embeddings.token_type_embeddings.weight"), "token_type_ids"], "kinds")
    length = g.node("Squeeze", [g.node("Shape", ["input_ids"], "shape", start=1, end=2)], "length")
    steps = g.node("Range", [g.constant("zero", np.int64(0)), length, g.constant("step", np.int64(1))], "steps")
    places = g.node("Gather", [g.weight("embeddings.position_embeddings.weight"), steps], "places")
    summed = g.node("Add", [g.node("Add", [words, kinds], "words+kinds"), places], "embedded")
    value = g.norm(summed, "embeddings.LayerNorm", epsilon)
    mask = g.node("Unsqueeze", [g.node("Cast", ["attention_mask"], "mask/float", to=TensorProto.FLOAT), g.constant("mask/axes", np.array([1, 2]))], "mask/4d")
    mask = g.node("Mul", [g.node("Sub", [g.constant("one", np.float32(1)), mask], "mask/not"), g.constant("mask/low", np.float32(-10000))], "mask")
    split = g.constant("split", np.array([0, 0, heads, width // heads]))
    joined = g.constant("joined", np.array([0, 0, width]))
    for layer in range(config["num_hidden_layers"]):
        p = f"encoder.layer.{layer}."

        def head(name, order):
            dense = g.dense(value, f"{p}attention.self.{name}")
            return g.node("Transpose", [g.node("Reshape", [dense, split], f"{p}{name}/split")], f"{p}{name}/heads", perm=order)

        query, key, content = head("query", [0, 2, 1, 3]), head("key", [0, 2, 3, 1]), head("value", [0, 2, 1, 3])
        scores = g.node("MatMul", [query, key], f"{p}scores")
        scaled = g.node("Div", [scores, g.constant("scale", np.float32(np.sqrt(width // heads)))], f"{p}scaled")
        shares = g.node("Softmax", [g.node("Add", [scaled, mask], f"{p}masked")], f"{p}shares", axis=-1)
        mixed = g.node("Transpose", [g.node("MatMul", [shares, content], f"{p}mixed")], f"{p}back", perm=[0, 2, 1, 3])
        attended = g.dense(g.node("Reshape", [mixed, joined], f"{p}joined"), f"{p}attention.output.dense")
        value = g.norm(g.node("Add", [attended, value], f"{p}residual1"), f"{p}attention.output.LayerNorm", epsilon)
        grown = g.gelu(g.dense(value, f"{p}intermediate.dense"), f"{p}gelu")
        value = g.norm(g.node("Add", [g.dense(grown, f"{p}output.dense"), value], f"{p}residual2"), f"{p}output.LayerNorm", epsilon)
    g.node("Identity", [value], "last_hidden_state")
    first = g.node("Gather", [value, g.constant("zero", np.int64(0))], "first", axis=1)
    g.node("Tanh", [g.dense(first, "pooler.dense")], "pooler_output")
    ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in ("input_ids", "attention_mask", "token_type_ids")]
    outputs = [
        helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", width]),
        helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, ["batch", width]),
    ]
    graph = helper.make_graph(g.nodes, "bert", ids, outputs, list(g.initializers.values()))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="plimsoll-parts")


out = Path(sys.argv[1])
if len(sys.argv) > 2:
    folder = Path(sys.argv[2])
    config = json.loads((folder / "config.json").read_text())
    model = build(config, read_safetensors(folder / "model.safetensors"))
else:
    model = build(BASE, made_up(BASE))
onnx.save(model, out)
