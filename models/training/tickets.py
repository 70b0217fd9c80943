"""Texts as token ids, as `npm run -s model:tokens` writes them: one JSON object a line."""

import itertools
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


def read_folds(path):
    """models/data/folds.json: lists of worlds that are left out together."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def fold_of(texts, folds):
    """The number of the fold that leaves each text out; unknown texts by turns.

    The same as `insideFold` in src/learn/cross-validate.ts.
    """
    place = {world: number for number, worlds in enumerate(folds) for world in worlds}
    turns = itertools.count()
    return [place[text.world] if text.known else next(turns) % len(folds) for text in texts]


# Few lengths, so few shapes: for each new one a CPU's matrix kernels are compiled again.
LENGTHS = (16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256)


def bucket(count):
    return next(length for length in LENGTHS if count <= length)


def matters(texts):
    """Numbers of the texts by matter: the two tickets of a pair, every other text alone."""
    found = {}
    for i, text in enumerate(texts):
        found.setdefault((text.world, text.pair) if text.pair else i, []).append(i)
    return list(found.values())


def pairs(texts):
    """Numbers of the two tickets of each matter that is told in both languages."""
    return [matter for matter in matters(texts) if len(matter) == 2]


def batches(texts, places, generator=None):
    """Batches of one length of `LENGTHS`, about `places` tokens each; in a random order with a generator.

    A matter's two tickets share a batch, since the loss compares what is said of them.
    """

    def shuffled(items):
        return [items[i] for i in torch.randperm(len(items), generator=generator)] if generator else items

    found = []
    every = matters(texts)
    for length in LENGTHS:
        rows = max(1, places // length)
        batch = []
        for matter in shuffled([m for m in every if bucket(max(len(texts[i].ids) for i in m)) == length]):
            batch.extend(matter)
            if len(batch) >= rows:
                found.append(batch)
                batch = []
        if batch:
            found.append(batch)
    return shuffled(found)


def tensors(rows, dropout=0.0, generator=None):
    """Ids, mask and positions in the text, each [batch, seq], of rows of token ids.

    `dropout` takes a share of the tokens out altogether, which is what hiding them comes to and costs less; the others
    keep their positions. First words and ends stay.
    """
    kept = []
    for row in rows:
        row = torch.tensor(row)
        keep = torch.rand(len(row), generator=generator) >= dropout if dropout else torch.ones(len(row), dtype=bool)
        keep[:4] = True
        keep |= row == END_OF_TEXT
        kept.append(keep.nonzero()[:, 0])
    shape = (len(rows), bucket(max(len(places) for places in kept)))
    ids, mask, positions = torch.full(shape, PADDING), torch.zeros(shape), torch.zeros(shape, dtype=torch.long)
    for i, (row, places) in enumerate(zip(rows, kept)):
        ids[i, : len(places)] = torch.tensor(row)[places]
        mask[i, : len(places)] = 1
        positions[i, : len(places)] = places
    return ids, mask, positions


def subject_mask(ids, mask):
    """1 for what stands before the first `</s>`: the subject, by the input's template."""
    ends = (ids == END_OF_TEXT).long()
    return mask * (ends.cumsum(1) - ends == 0)
