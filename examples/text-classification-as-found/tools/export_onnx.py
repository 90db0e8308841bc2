"""Turns the model into ONNX."""

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("./model")
model = AutoModelForSequenceClassification.from_pretrained("./model")
inputs = tokenizer("hello world", return_tensors="pt", padding="max_length", max_length=32)

torch.onnx.export(
    model,
    inputs["input_ids"],
    "model.onnx",
    input_names=["input_ids"],
    output_names=["logits"],
    opset_version=17,
)
