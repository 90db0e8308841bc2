"""The word list and the tokenizer.json made from it.

English words of the training text are kept whole; endings that turn one kept word into another become pieces, so
"goalkeepers" is read as goalkeeper + ##s though only the singular was seen. Chinese is read character by character.
Built by counting, not by a trainer: the same text always gives the same file.
"""

from __future__ import annotations

import re
from collections import Counter

from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
# An ending is a piece when it links at least this many pairs of words.
ENDING_PAIRS = 2
LONGEST_ENDING = 5
SHORTEST_STEM = 3


def words_of(texts: list[str]) -> list[str]:
    split = pre_tokenizers.BertPreTokenizer()
    normal = _normalizer()
    return [word for text in texts for word, _ in split.pre_tokenize_str(normal.normalize_str(text))]


def build_tokenizer(texts: list[str], max_length: int) -> Tokenizer:
    words = Counter(words_of(texts))
    latin = sorted(w for w in words if re.fullmatch(r"[a-z]+", w))
    others = sorted(w for w in words if not re.fullmatch(r"[a-z]+", w))
    known = set(latin)
    endings = Counter(
        word[cut:]
        for word in latin
        for cut in range(max(SHORTEST_STEM, len(word) - LONGEST_ENDING), len(word))
        if word[:cut] in known
    )
    pieces = sorted("##" + e for e, pairs in endings.items() if pairs >= ENDING_PAIRS)
    digits = [str(d) for d in range(10)] + [f"##{d}" for d in range(10)]
    tokens = list(dict.fromkeys([*SPECIAL, *others, *digits, *latin, *pieces]))

    tokenizer = Tokenizer(WordPiece({t: i for i, t in enumerate(tokens)}, unk_token="[UNK]", max_input_chars_per_word=40))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", tokens.index("[CLS]")), ("[SEP]", tokens.index("[SEP]"))],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.enable_truncation(max_length)
    return tokenizer


def splits_of(tokenizer: Tokenizer) -> dict[int, tuple[int, int]]:
    """A kept word that could also be read as a kept stem and an ending: used to show endings in training."""
    vocabulary = tokenizer.get_vocab()
    found: dict[int, tuple[int, int]] = {}
    for word, index in vocabulary.items():
        if not re.fullmatch(r"[a-z]+", word):
            continue
        for cut in range(len(word) - 1, SHORTEST_STEM - 1, -1):
            if word[:cut] in vocabulary and "##" + word[cut:] in vocabulary:
                found[index] = (vocabulary[word[:cut]], vocabulary["##" + word[cut:]])
                break
    return found


def _normalizer() -> normalizers.Normalizer:
    return normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True)
