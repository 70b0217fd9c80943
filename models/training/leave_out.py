"""Compares ways of tuning, paired: `python leave_out.py --tokens F --start F --folds F --name NAME [options]`.

Each fold's worlds are scored by an encoder with its own head that never saw them; with `--train-on`, one run on
some folds is judged on the others (quicker, and folds added one by one give the learning curve). Prints figures and
keeps the scores, so that a later run is compared with `--against NAME` on the same tickets. `loss` is the log-loss at
the best of some temperatures for the tickets judged.
"""

import argparse
import json
import os

import numpy as np
import torch

from encoder import sha256
from model import CATEGORIES, STEPS, scores_of
from tickets import fold_of, pairs, read_folds, read_texts
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


def agreement(found, texts):
    """How often the two tickets of one matter, German and English, get the same category."""
    return float(np.mean([found[a] == found[b] for a, b in pairs(texts)] or [np.nan]))


def figures(scores, texts):
    known = np.array([text.known for text in texts])
    category = np.array([text.category for text in texts])[known]
    priority = np.array([text.priority for text in texts])[known]
    found = scores[known, :CATEGORIES]
    loss = min(-log_probabilities(found * t)[np.arange(len(category)), category].mean() for t in np.arange(0.3, 2, 0.1))
    steps = scores[known, CATEGORIES : CATEGORIES + STEPS]
    return {
        "tickets": len(category),
        "accuracy": round(float((found.argmax(1) == category).mean()), 4),
        "agreement": round(agreement(scores[:, :CATEGORIES].argmax(1), texts), 4),
        "loss": round(float(loss), 4),
        "kappa": round(float(quadratic_kappa((steps > 0).sum(1), priority)), 4),
        "unknown": round(float(auroc(scores[~known, -1], scores[known, -1])), 4),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, parents=[tuning_options()])
    parser.add_argument("--start", required=True)
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--folds", required=True, help="models/data/folds.json")
    parser.add_argument("--train-on", help="numbers of folds, 2,3: one run on these, judged on all others")
    parser.add_argument("--name", required=True)
    parser.add_argument("--against")
    parser.add_argument("--scores", default="scores", help="folder that keeps what was found")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    os.makedirs(options.scores, exist_ok=True)
    texts = read_texts(options.tokens)
    folds = read_folds(options.folds)
    places = np.array(fold_of(texts, folds))
    numbers = range(len(folds))
    if options.train_on:
        trained = {int(number) - 1 for number in options.train_on.split(",")}
        splits = [(trained, set(numbers) - trained)]
    else:
        splits = [(set(numbers) - {fold}, {fold}) for fold in numbers]
    scores = np.zeros((len(texts), CATEGORIES + STEPS + 1), np.float32)
    for trained, judged in splits:
        inside = np.flatnonzero(np.isin(places, list(judged)))
        train_texts = [texts[i] for i in np.flatnonzero(np.isin(places, list(trained)))]
        model = tuned(train_texts, options.start, options, lambda entry: None)
        scores[inside] = scores_of(model, [texts[i] for i in inside]).numpy()
        for fold in sorted(judged):
            part = np.flatnonzero(places == fold)
            found = figures(scores[part], [texts[i] for i in part])
            print(json.dumps({"trained on": len(train_texts), "judged": f"fold {fold + 1}", **found}), flush=True)
    of_tokens = sha256(options.tokens)
    np.savez(os.path.join(options.scores, f"{options.name}.npz"), scores=scores, tokens=of_tokens)
    done = np.flatnonzero(np.isin(places, [fold for _, judged in splits for fold in judged]))
    result = {"name": options.name, **figures(scores[done], [texts[i] for i in done])}
    if options.against:
        kept = np.load(os.path.join(options.scores, f"{options.against}.npz"))
        if str(kept["tokens"]) != of_tokens:
            parser.error(f"{options.against} judged another tokens file than {options.tokens}")
        other = kept["scores"]
        labels = np.array([text.category for text in texts])
        both = [i for i in done if labels[i] >= 0 and other[i].any()]
        right, before = (s[both, :CATEGORIES].argmax(1) == labels[both] for s in (scores, other))
        result["against"] = {options.against: [int((right & ~before).sum()), int((before & ~right).sum())]}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
