"""Compares ways of tuning, paired: `python leave_out.py --tokens F --start F --folds 5 --name NAME [options]`.

Each fold's worlds are scored by an encoder with its own head that never saw them. Prints accuracy and log-loss,
and keeps the scores, so that a later run is compared with `--against NAME` on the same tickets.
"""

import argparse
import json
import os

import numpy as np
import torch

from model import CATEGORIES, STEPS, scores_of
from tickets import fold_of, read_texts
from tune import tuned, tuning_options


def quadratic_kappa(a, b, levels=STEPS + 1):
    observed = np.zeros((levels, levels))
    np.add.at(observed, (a, b), 1)
    weights = (np.arange(levels)[:, None] - np.arange(levels)) ** 2
    expected = np.outer(observed.sum(1), observed.sum(0)) / len(a)
    return 1 - (weights * observed).sum() / (weights * expected).sum()


def auroc(positive, negative):
    wins = (positive[:, None] > negative[None, :]).sum() + 0.5 * (positive[:, None] == negative[None, :]).sum()
    return wins / (len(positive) * len(negative))


def log_probabilities(scores):
    scores = scores - scores.max(1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(1, keepdims=True))


def figures(scores, texts):
    known = np.array([text.known for text in texts])
    category = np.array([text.category for text in texts])[known]
    priority = np.array([text.priority for text in texts])[known]
    found = scores[known, :CATEGORIES]
    loss = min(-log_probabilities(found * t)[np.arange(len(category)), category].mean() for t in np.arange(0.3, 2, 0.1))
    steps = scores[known, CATEGORIES : CATEGORIES + STEPS]
    return {
        "accuracy": round(float((found.argmax(1) == category).mean()), 4),
        "loss": round(float(loss), 4),
        "kappa": round(float(quadratic_kappa((steps > 0).sum(1), priority)), 4),
        "unknown": round(float(auroc(scores[~known, -1], scores[known, -1])), 4),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, parents=[tuning_options()])
    parser.add_argument("--start", required=True)
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--first", type=int, help="only so many folds, for a first look")
    parser.add_argument("--name", required=True)
    parser.add_argument("--against")
    parser.add_argument("--scores", default="scores", help="folder that keeps what was found")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    os.makedirs(options.scores, exist_ok=True)
    texts = read_texts(options.tokens)
    places = np.array(fold_of(texts, options.folds))
    scores = np.zeros((len(texts), CATEGORIES + STEPS + 1), np.float32)
    for fold in range(options.first or options.folds):
        inside = np.flatnonzero(places == fold)
        model = tuned([texts[i] for i in np.flatnonzero(places != fold)], options.start, options, lambda entry: None)
        scores[inside] = scores_of(model, [texts[i] for i in inside]).numpy()
        print(json.dumps({"fold": fold + 1, **figures(scores[inside], [texts[i] for i in inside])}), flush=True)
    np.save(os.path.join(options.scores, f"{options.name}.npy"), scores)
    done = np.flatnonzero(places < (options.first or options.folds))
    result = {"name": options.name, **figures(scores[done], [texts[i] for i in done])}
    if options.against:
        other = np.load(os.path.join(options.scores, f"{options.against}.npy"))
        labels = np.array([text.category for text in texts])
        both = [i for i in done if labels[i] >= 0]
        right, before = (s[both, :CATEGORIES].argmax(1) == labels[both] for s in (scores, other))
        result["against"] = {options.against: [int((right & ~before).sum()), int((before & ~right).sum())]}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
