import pickle

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


class Classifier:
    def __init__(self):
        self.tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")
        self.model = AutoModelForSequenceClassification.from_pretrained(
            "bert-base-uncased", num_labels=6
        )
        self.model.eval()
        with open("model/labels.pkl", "rb") as f:
            self.labels = pickle.load(f)

    def predict(self, text):
        inputs = self.tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            logits = self.model(**inputs).logits
        scores = torch.softmax(logits, dim=-1)[0]
        best = int(scores.argmax())
        return self.labels[best], float(scores[best])
