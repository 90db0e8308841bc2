"""Writes the encoder of encoder.py as an ONNX graph, node by node: opset 17, dynamic batch and sequence."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from encoder import EPSILON, HEADS, LAYERS, WIDTH

OPSET = 17


def onnx_model(parameters: dict[str, np.ndarray], topics: int) -> onnx.ModelProto:
    graph = _Graph(parameters)
    tokens = graph.node("Gather", "embed.tokens", "input_ids", axis=0)
    length = graph.node("Slice", graph.node("Shape", "input_ids"), graph.ints(1), graph.ints(2), graph.ints(0))
    positions = graph.node("Slice", "embed.positions", graph.ints(0), length, graph.ints(0))
    hidden = graph.node("Add", tokens, positions)
    visible = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden_keys = graph.node("Mul", graph.node("Sub", graph.float(1.0), visible), graph.float(-1e4))
    penalty = graph.node("Unsqueeze", hidden_keys, graph.ints(1, 2))

    for layer in range(LAYERS):
        name = f"layer{layer}"
        normed = graph.norm(f"{name}.norm1", hidden)
        heads = [
            graph.node("Transpose", graph.node("Reshape", graph.linear(f"{name}.{part}", normed), graph.ints(0, 0, HEADS, WIDTH // HEADS)), perm=perm)
            for part, perm in (("query", (0, 2, 1, 3)), ("key", (0, 2, 3, 1)), ("value", (0, 2, 1, 3)))
        ]
        scores = graph.node("Mul", graph.node("MatMul", heads[0], heads[1]), graph.float((WIDTH // HEADS) ** -0.5))
        weights = graph.node("Softmax", graph.node("Add", scores, penalty), axis=-1)
        mixed = graph.node("Transpose", graph.node("MatMul", weights, heads[2]), perm=(0, 2, 1, 3))
        mixed = graph.node("Reshape", mixed, graph.ints(0, 0, WIDTH))
        hidden = graph.node("Add", hidden, graph.linear(f"{name}.out", mixed))
        grown = graph.gelu(graph.linear(f"{name}.grow", graph.norm(f"{name}.norm2", hidden)))
        hidden = graph.node("Add", hidden, graph.linear(f"{name}.shrink", grown))

    kept = graph.node("Mul", graph.norm("final.norm", hidden), graph.node("Unsqueeze", visible, graph.ints(2)))
    total = graph.node("ReduceSum", kept, graph.ints(1), keepdims=0)
    count = graph.node("ReduceSum", visible, graph.ints(1), keepdims=1)
    graph.linear("head", graph.node("Div", total, count), output="logits")

    rows = ["batch", "sequence"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "topic-classifier",
            [helper.make_tensor_value_info(name, TensorProto.INT64, rows) for name in ("input_ids", "attention_mask")],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", topics])],
            graph.initializers,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="plimsoll-example",
        ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


class _Graph:
    def __init__(self, parameters: dict[str, np.ndarray]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers = [numpy_helper.from_array(np.asarray(v, np.float32), k) for k, v in parameters.items()]
        self.constants: dict[str, str] = {}

    def node(self, operator: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        output = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def linear(self, name: str, x: str, output: str | None = None) -> str:
        return self.node("Add", self.node("MatMul", x, f"{name}.weight"), f"{name}.bias", output=output)

    def norm(self, name: str, x: str) -> str:
        return self.node("LayerNormalization", x, f"{name}.weight", f"{name}.bias", axis=-1, epsilon=EPSILON)

    def gelu(self, x: str) -> str:
        erf = self.node("Erf", self.node("Mul", x, self.float(2**-0.5)))
        return self.node("Mul", self.node("Mul", x, self.float(0.5)), self.node("Add", erf, self.float(1.0)))

    def ints(self, *values: int) -> str:
        return self._constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def float(self, value: float) -> str:
        return self._constant(f"float_{value:.6g}", np.array(value, np.float32))

    def _constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.constants:
            self.initializers.append(numpy_helper.from_array(value, name))
            self.constants[name] = name
        return name
