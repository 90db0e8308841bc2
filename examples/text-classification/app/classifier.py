"""A text goes in, a topic and how sure the model is come out."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from app.settings import Settings


@dataclass(frozen=True)
class Answer:
    category: str
    confidence: float


class Classifier:
    """Safe to call from several threads at once. Longer texts are cut to the model's length by the tokenizer."""

    def __init__(self, settings: Settings) -> None:
        folder = settings.model_dir
        self.labels = _labels(folder / "config.json")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = settings.model_threads
        self.session = onnxruntime.InferenceSession(
            folder / settings.model_file, options, providers=["CPUExecutionProvider"]
        )

    def classify(self, text: str) -> Answer:
        encoding = self.tokenizer.encode(text)
        inputs = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.array([encoding.attention_mask], np.int64),
        }
        (logits,) = self.session.run(["logits"], inputs)
        scores = np.exp(logits[0] - logits[0].max())
        scores /= scores.sum()
        best = int(scores.argmax())
        return Answer(self.labels[best], float(scores[best]))


def _labels(config: Path) -> list[str]:
    labels = json.loads(config.read_text(encoding="utf-8"))["id2label"]
    return [labels[str(i)] for i in range(len(labels))]
