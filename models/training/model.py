"""The encoder with the heads that tune it. Only the encoder is kept: src/learn trains the heads that ship."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from encoder import END_OF_TEXT, WIDTH, autocast, read_encoder
from tickets import batches, pairs, subject_mask, tensors

CATEGORIES, STEPS = 14, 4


def pooled(hidden, ids, mask):
    """[batch, 2 · 384]: mean over all tokens, mean over the subject's."""

    def mean(m):
        return (hidden * m[..., None]).sum(1) / m.sum(1, keepdim=True).clamp(min=1)

    return torch.cat([mean(mask), mean(subject_mask(ids, mask))], 1)


class Model(nn.Module):
    """Scores: categories | priority steps (cumulative logits) | unknown."""

    def __init__(self, start):
        super().__init__()
        self.encoder = read_encoder(start)
        self.register_buffer("mean", torch.zeros(2 * WIDTH))
        self.register_buffer("scale", torch.ones(2 * WIDTH))
        self.head = nn.Linear(2 * WIDTH, CATEGORIES + STEPS + 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def features(self, ids, mask, positions):
        with autocast():
            hidden = self.encoder(ids, mask, positions)
        return (pooled(hidden.float(), ids, mask) - self.mean) * self.scale

    def forward(self, ids, mask, positions):
        return self.head(self.features(ids, mask, positions))

    @torch.no_grad()
    def centre(self, texts):
        """Sentence embeddings share one large direction; taking it off first lets the head learn at once."""
        parts = []
        for batch in batches(texts, 6144):
            parts.append(self.features(*tensors([texts[i].ids for i in batch])))
        every = torch.cat(parts)
        self.mean.copy_(every.mean(0))
        for part in (slice(0, WIDTH), slice(WIDTH, 2 * WIDTH)):
            self.scale[part] = 1 / ((every[:, part] - self.mean[part]).std() * math.sqrt(WIDTH))


def disagreement(scores, texts):
    """Symmetric Kullback-Leibler divergence between the categories of a matter's two tickets, a text's share of it."""
    told_twice = pairs(texts)
    if not told_twice:
        return torch.zeros(())
    a, b = (scores[[pair[side] for pair in told_twice], :CATEGORIES].log_softmax(1) for side in (0, 1))
    return 0.5 * ((a.exp() - b.exp()) * (a - b)).sum() / len(texts)


def loss_of(scores, texts, options):
    """Cross-entropy of the category, of the priority's steps, and of known against unknown; and disagreement."""
    known = torch.tensor([text.known for text in texts])
    strange = F.binary_cross_entropy_with_logits(
        scores[:, -1], (~known).float(), pos_weight=torch.tensor(options.unknown_weight)
    )
    loss = options.unknown * strange + options.consistency * disagreement(scores, texts)
    if known.any():
        category = torch.tensor([text.category for text in texts])[known]
        priority = torch.tensor([text.priority for text in texts])[known]
        above = (priority[:, None] > torch.arange(STEPS)).float()
        steps = scores[known, CATEGORIES : CATEGORIES + STEPS]
        loss = loss + F.cross_entropy(scores[known, :CATEGORIES], category, label_smoothing=options.smoothing)
        loss = loss + options.priority * F.binary_cross_entropy_with_logits(steps, above)
    return loss


@torch.no_grad()
def scores_of(model, texts):
    """Scores [texts, 19], in the order of the texts."""
    scores = torch.zeros(len(texts), CATEGORIES + STEPS + 1)
    for batch in batches(texts, 6144):
        scores[batch] = model(*tensors([texts[i].ids for i in batch]))
    return scores
