"""Reads the sentences under text/ and draws training examples from them.

A file `TOPIC.LANG.txt` has sections: [things] are noun phrases, [acts] verb phrases and [words] what else belongs to
the topic (comma-separated), [templates] are sentences with {thing} and {act} in them, [sentences] were written by hand. `any.LANG.txt` has
templates that fit every topic, so that only the filled-in words tell the topic.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

TOPICS = ("entertainment", "finance", "health", "sports", "technology", "travel")
LANGUAGES = ("en", "zh")
TEXT = Path(__file__).parent / "text"


@dataclass
class Topic:
    things: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Example:
    text: str
    topic: str
    language: str


def read_topic(path: Path) -> Topic:
    topic = Topic()
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            section = line[1:-1]
        elif line and section in ("things", "acts", "words"):
            getattr(topic, section).extend(part.strip() for part in line.split(","))
        elif line:
            getattr(topic, section).append(line)
    return topic


def read_labelled(name: str) -> list[Example]:
    """`held-out` judges the model; `development` was looked at while choosing sizes, rates and words."""
    rows = (line.split("\t") for line in (TEXT / f"{name}.tsv").read_text(encoding="utf-8").splitlines() if line)
    return [Example(text, topic, language) for topic, language, text in rows]


class Corpus:
    def __init__(self) -> None:
        self.topics = {(t, lang): read_topic(TEXT / f"{t}.{lang}.txt") for t in TOPICS for lang in LANGUAGES}
        self.common = {lang: read_topic(TEXT / f"any.{lang}.txt").templates for lang in LANGUAGES}

    def texts(self) -> list[str]:
        """Every string that training can show, unfilled: what the vocabulary is made from."""
        found = [t for templates in self.common.values() for t in templates]
        for topic in self.topics.values():
            found += topic.things + topic.acts + topic.words + topic.templates + topic.sentences
        return [re.sub(r"\{\w+\}", " ", text) for text in found]

    def draw(self, rng: random.Random) -> Example:
        name, language = rng.choice(TOPICS), rng.choice(LANGUAGES)
        topic = self.topics[name, language]
        text = self._sentence(topic, language, rng)
        if rng.random() < 0.15:
            text += ("" if language == "zh" else " ") + self._sentence(topic, language, rng)
        if rng.random() < 0.5:
            text = text.rstrip("。.")
        return Example(text, name, language)

    def _sentence(self, topic: Topic, language: str, rng: random.Random) -> str:
        kind = rng.random()
        if kind < 0.25:
            return rng.choice(topic.sentences)
        if kind < 0.35:
            return self._fill(rng.choice(topic.templates), topic, rng)
        if kind < 0.55:
            return self._fill(rng.choice(self.common[language]), topic, rng)
        kinds = (topic.things, topic.acts, topic.words, topic.words)
        parts = [rng.choice(rng.choice(kinds)) for _ in range(rng.randint(1, 5))]
        return rng.choice((",", "、", "") if language == "zh" else (", ", " ", " and ")).join(parts)

    def _fill(self, template: str, topic: Topic, rng: random.Random) -> str:
        text = re.sub(r"\{thing\}", lambda _: rng.choice(topic.things), template)
        return re.sub(r"\{act\}", lambda _: rng.choice(topic.acts), text)
