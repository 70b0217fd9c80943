"""Is a second pass over the subject alone worth its time? `python compare_passes.py --encoder fold-1.onnx --tokens F`

Linear heads on a fold's encoder, judged on the worlds that it never saw: the mean over the whole text, that and
the mean over the subject's tokens of the same pass, that and the subject read by a pass of its own.
"""

import argparse

import torch
from torch.nn import functional as F

from encoder import END_OF_TEXT, WIDTH, read_encoder
from model import CATEGORIES, pooled
from tickets import Text, batches, fold_of, read_texts, tensors

PLACES = 6144
# as src/learn/centre.ts
SUBJECT_SHARE = 0.65


@torch.no_grad()
def embed(encoder, rows):
    """[texts, 2 · 384]: means over all tokens and over the subject's."""
    found = torch.zeros(len(rows), 2 * WIDTH)
    for batch in batches([Text(ids=row) for row in rows], PLACES):
        ids, mask = tensors([rows[i] for i in batch], PLACES)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = encoder(ids, mask)
        found[batch] = pooled(hidden.float(), ids, mask)[: len(batch)]
    return found


def right(features, labels, test):
    """Which test texts a multinomial logistic regression on the others gets right."""
    rows = torch.cat([features, torch.ones(len(features), 1)], 1)
    weights = torch.zeros(rows.shape[1], CATEGORIES, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=150, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = F.cross_entropy(rows[~test] @ weights, labels[~test], label_smoothing=0.1)
        value = value + 5e-5 * (weights[:-1] ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return (rows[test] @ weights).argmax(1) == labels[test]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", required=True, help="fold-1.onnx of tune.py")
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    texts = read_texts(options.tokens)
    folds = fold_of(texts, options.folds)
    known = [i for i, text in enumerate(texts) if text.known]
    test = torch.tensor([folds[i] == 0 for i in known])
    labels = torch.tensor([texts[i].category for i in known])
    encoder = read_encoder(options.encoder).eval()
    whole = embed(encoder, [texts[i].ids for i in known])
    subjects = [texts[i].ids[: texts[i].ids.index(END_OF_TEXT) + 1] for i in known]

    def centred(part, share=1.0):
        shifted = part - part[~test].mean(0)
        return share * shifted / (shifted[~test].std() * WIDTH**0.5)

    full = centred(whole[:, :WIDTH])
    same_pass = centred(whole[:, WIDTH:], SUBJECT_SHARE)
    own_pass = centred(embed(encoder, subjects)[:, :WIDTH], SUBJECT_SHARE)
    alone = right(full, labels, test)
    one = right(torch.cat([full, same_pass], 1), labels, test)
    two = right(torch.cat([full, own_pass], 1), labels, test)
    for name, hits in (("whole text", alone), ("and subject, same pass", one), ("and subject, own pass", two)):
        print(f"{name:24s} {hits.float().mean():.3f} of {len(hits)}")
    print(f"right in one pass only: {(one & ~two).sum()}, in two passes only: {(two & ~one).sum()}")


if __name__ == "__main__":
    main()
