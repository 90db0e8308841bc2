"""Shows what the written model says about the held-out sentences: a confusion table in Markdown, per language.

    .venv/bin/python scripts/train/held_out.py [model.onnx]

First it makes sure that the held-out sentences are strangers to the training text: no run of four words (six
characters in Chinese) of a held-out sentence stands in a handwritten training sentence or a phrase, and no run of four
words (four characters) in the fixed words of a template. The run may not be shorter in Chinese: names of things such
as "artificial intelligence" are four characters long.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from corpus import LANGUAGES, TOPICS, Corpus, Example, read_labelled
from train import MODEL
from vocabulary import words_of


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = [w for w in words_of([text]) if w.isalnum()]
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def shared_runs(corpus: Corpus, held_out: list[Example]) -> list[str]:
    found = []
    for language in LANGUAGES:
        topics = [topic for (_, lang), topic in corpus.topics.items() if lang == language]
        templates = corpus.common[language] + [t for topic in topics for t in topic.templates]
        fixed = set().union(*(runs(part, 4) for t in templates for part in re.split(r"\{\w+\}", t)))
        length = 6 if language == "zh" else 4
        written = [s for topic in topics for s in topic.sentences + topic.things + topic.acts + topic.words]
        written += [e.text for e in read_labelled("development") if e.language == language]
        known = set().union(*(runs(s, length) for s in written))
        for example in held_out:
            if example.language == language and (runs(example.text, 4) & fixed or runs(example.text, length) & known):
                found.append(example.text)
    return found


def answers(session: onnxruntime.InferenceSession, tokenizer: Tokenizer, examples: list[Example]) -> list[int]:
    found = []
    for example in examples:
        ids = np.array([tokenizer.encode(example.text).ids], np.int64)
        (logits,) = session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        found.append(int(logits[0].argmax()))
    return found


def table(examples: list[Example], said: list[int]) -> str:
    rows = [f"| written about \\ answered | {' | '.join(TOPICS)} |", "|---" * (len(TOPICS) + 1) + "|"]
    for topic in TOPICS:
        counts = [sum(e.topic == topic and s == i for e, s in zip(examples, said, strict=True)) for i in range(len(TOPICS))]
        rows.append(f"| {topic} | {' | '.join(str(c or '·') for c in counts)} |")
    return "\n".join(rows)


def main() -> None:
    model = Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL / "model.onnx"
    held_out = read_labelled("held-out")
    shared = shared_runs(Corpus(), held_out)
    if shared:
        raise SystemExit("Held-out sentences that share a run of words with the training text:\n" + "\n".join(shared))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    for language in LANGUAGES:
        examples = [e for e in held_out if e.language == language]
        said = answers(session, tokenizer, examples)
        right = sum(TOPICS[s] == e.topic for s, e in zip(said, examples, strict=True))
        print(f"### {language}: {right} of {len(examples)} right ({right / len(examples):.1%})\n\n{table(examples, said)}\n")


if __name__ == "__main__":
    main()
