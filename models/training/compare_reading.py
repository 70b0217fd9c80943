"""What of a ticket is read? `python compare_reading.py --encoder fold-1.onnx --tokens F --folds F`

Linear heads on a fold's encoder, judged on the worlds that it never saw. Subjects: the mean over the whole text, that
and the mean over the subject's tokens of the same pass, that and the subject read by a pass of its own. Long texts:
all of up to 256 tokens, the first tokens only, the first and the last.
"""

import argparse

import torch
from torch.nn import functional as F

from encoder import END_OF_TEXT, WIDTH, autocast, read_encoder
from model import CATEGORIES, pooled
from tickets import Text, batches, fold_of, read_folds, read_texts, tensors

PLACES = 6144
# as src/learn/centre.ts
SUBJECT_SHARE = 0.65


@torch.no_grad()
def embed(encoder, rows):
    """[texts, 2 · 384]: means over all tokens and over the subject's."""
    found = torch.zeros(len(rows), 2 * WIDTH)
    for batch in batches([Text(ids=row) for row in rows], PLACES):
        ids, mask, positions = tensors([rows[i] for i in batch])
        with autocast():
            hidden = encoder(ids, mask, positions)
        found[batch] = pooled(hidden.float(), ids, mask)
    return found


def fitted(rows, labels):
    """Weights [features + 1, categories] of a multinomial logistic regression."""
    rows = torch.cat([rows, torch.ones(len(rows), 1)], 1)
    weights = torch.zeros(rows.shape[1], CATEGORIES, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=150, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = F.cross_entropy(rows @ weights, labels, label_smoothing=0.1) + 5e-5 * (weights[:-1] ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return weights.detach()


def right(weights, rows, labels):
    return (torch.cat([rows, torch.ones(len(rows), 1)], 1) @ weights).argmax(1) == labels


def cut(ids, limit, tail):
    """At most `limit` tokens, the last `tail` of them from the end."""
    if len(ids) <= limit:
        return ids
    return ids[: limit - tail] + ids[-tail:] if tail else ids[: limit - 1] + [END_OF_TEXT]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", required=True, help="fold-1.onnx of tune.py")
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--folds", required=True, help="models/data/folds.json")
    parser.add_argument("--limit", type=int, default=96, help="tokens of a long text that are read")
    options = parser.parse_args()
    texts = read_texts(options.tokens)
    folds = fold_of(texts, read_folds(options.folds))
    known = [i for i, text in enumerate(texts) if text.known]
    test = torch.tensor([folds[i] == 0 for i in known])
    labels = torch.tensor([texts[i].category for i in known])
    encoder = read_encoder(options.encoder).eval()
    rows = [texts[i].ids for i in known]
    whole = embed(encoder, rows)
    own = embed(encoder, [ids[: ids.index(END_OF_TEXT) + 1] for ids in rows])[:, :WIDTH]
    mean = {"full": whole[~test, :WIDTH].mean(0), "subject": whole[~test, WIDTH:].mean(0), "own": own[~test].mean(0)}
    size = {
        "full": (whole[~test, :WIDTH] - mean["full"]).std() * WIDTH**0.5,
        "subject": (whole[~test, WIDTH:] - mean["subject"]).std() * WIDTH**0.5 / SUBJECT_SHARE,
        "own": (own[~test] - mean["own"]).std() * WIDTH**0.5 / SUBJECT_SHARE,
    }

    def centred(part, name):
        return (part - mean[name]) / size[name]

    def one_pass(found):
        return torch.cat([centred(found[:, :WIDTH], "full"), centred(found[:, WIDTH:], "subject")], 1)

    full = centred(whole[:, :WIDTH], "full")
    two_passes = torch.cat([full, centred(own, "own")], 1)
    hits, heads = {}, {}
    for name, features in (("whole text", full), ("and subject, same pass", one_pass(whole)),
                           ("and subject, own pass", two_passes)):
        heads[name] = fitted(features[~test], labels[~test])
        hits[name] = right(heads[name], features[test], labels[test])
        print(f"{name:28s} {hits[name].float().mean():.3f} of {len(hits[name])}")
    same, apart = hits["and subject, same pass"], hits["and subject, own pass"]
    print(f"right in one pass only: {(same & ~apart).sum()}, in two passes only: {(apart & ~same).sum()}")

    weights = heads["and subject, same pass"]
    long = [i for i, inside in enumerate(test) if inside and len(rows[i]) > options.limit]
    truth = labels[long]
    read = {"all": right(weights, one_pass(whole[long]), truth)}
    for name, tail in (("head", 0), ("head and tail", options.limit // 4)):
        found = embed(encoder, [cut(rows[i], options.limit, tail) for i in long])
        read[name] = right(weights, one_pass(found), truth)
    for name, found in read.items():
        print(f"over {options.limit} tokens, {name:15s} {found.float().mean():.3f} of {len(long)}")
    head, both = read["head"], read["head and tail"]
    print(f"right by the head only: {(head & ~both).sum()}, by head and tail only: {(both & ~head).sum()}")


if __name__ == "__main__":
    main()
