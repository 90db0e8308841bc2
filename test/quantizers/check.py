"""check.py FILE...: onnx.checker and a session of onnxruntime on every file; a line of JSON with the complaints."""

import json
import sys

import onnx
import onnxruntime

complaints = {}
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
for path in sys.argv[1:]:
    try:
        onnx.checker.check_model(path)
        onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        complaints[path] = str(error)[:300]
print(json.dumps(complaints))
