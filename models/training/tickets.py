"""Texts as token ids, as `npm run -s model:tokens` writes them: one JSON object a line."""

import json
from dataclasses import dataclass

import torch

from encoder import END_OF_TEXT, PADDING


@dataclass(frozen=True)
class Text:
    """A labelled ticket, or a text that belongs to no service desk (`world` is empty)."""

    ids: list[int]
    world: str = ""
    category: int = -1
    priority: int = -1
    # tickets of one matter in two languages share this
    pair: str = ""

    @property
    def known(self):
        return self.world != ""


def read_texts(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [Text(**{key: value for key, value in row.items() if key != "set"}) for row in rows]


def fold_of(texts, folds):
    """The fold that leaves each text out: worlds by turns in alphabetical order, unknown texts by turns.

    The same as `foldOf` in src/learn/cross-validate.ts.
    """
    worlds = sorted({text.world for text in texts if text.known})
    unknown = [i for i, text in enumerate(texts) if not text.known]
    place = {i: n % folds for n, i in enumerate(unknown)}
    return [worlds.index(text.world) % folds if text.known else place[i] for i, text in enumerate(texts)]


# Few shapes: for each new one the CPU's matrix kernels are compiled again, which takes longer than the step.
LENGTHS = (16, 32, 48, 64, 96, 128, 192, 256)


def bucket(ids):
    return next(length for length in LENGTHS if len(ids) <= length)


def batches(texts, places, generator=None):
    """Batches of one length of `LENGTHS`, at most `places` tokens each; in a random order with a generator."""

    def shuffled(items):
        return [items[i] for i in torch.randperm(len(items), generator=generator)] if generator else items

    found = []
    for length in LENGTHS:
        inside = shuffled([i for i, text in enumerate(texts) if bucket(text.ids) == length])
        rows = max(1, places // length)
        found.extend(inside[k : k + rows] for k in range(0, len(inside), rows))
    return shuffled(found)


def tensors(rows, places):
    """Ids and mask [batch, seq] of rows of one bucket; empty rows fill the batch up to `places` tokens."""
    length = max(bucket(row) for row in rows)
    count = max(len(rows), places // length)
    ids = torch.full((count, length), PADDING)
    mask = torch.zeros(count, length)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    # softmax over nothing is no number
    mask[len(rows) :, 0] = 1
    return ids, mask


def subject_mask(ids, mask):
    """1 for what stands before the first `</s>`: the subject, by the input's template."""
    ends = (ids == END_OF_TEXT).long()
    return mask * (ends.cumsum(1) - ends == 0)
