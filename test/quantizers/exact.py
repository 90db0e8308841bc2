"""exact.py SOURCE FOLDER: onnxruntime's own quantizers on SOURCE, compared with our files in FOLDER, as JSON.

For every scheme: tensors of theirs that ours has byte for byte, and the names of those it has otherwise.
"""

import json
import logging
import sys
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

logging.disable(logging.CRITICAL)
source, folder = Path(sys.argv[1]), Path(sys.argv[2])


def tensors(path):
    arrays = onnx.numpy_helper.to_array
    return {tensor.name: arrays(tensor) for tensor in onnx.load(path).graph.initializer}


def compare(ours, theirs):
    mine, other = tensors(ours), tensors(theirs)
    unlike = [name for name, array in other.items() if name not in mine or mine[name].tobytes() != array.tobytes()]
    return {"same": len(other) - len(unlike), "unlike": unlike}


result = {}
theirs = folder / "theirs.onnx"
for name, kind in (("int8", QuantType.QInt8), ("int8-avx2", QuantType.QUInt8)):
    quantize_dynamic(source, theirs, weight_type=kind, per_channel=True, op_types_to_quantize=["MatMul", "Gather"])
    result[name] = compare(folder / f"{name}.onnx", theirs)
quantizer = MatMulNBitsQuantizer(onnx.load(source), block_size=32, is_symmetric=True, accuracy_level=4)
quantizer.process()
quantizer.model.save_model_to_file(str(theirs))
result["int4"] = compare(folder / "int4.onnx", theirs)
print(json.dumps(result))
