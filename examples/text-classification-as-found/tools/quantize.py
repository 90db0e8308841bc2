"""Makes the model small: run once, then copy model-int8 over model."""

from transformers import AutoModelForSequenceClassification

model = AutoModelForSequenceClassification.from_pretrained("./model")
model = model.quantize(bits=8)
model.save_pretrained("./model-int8")
