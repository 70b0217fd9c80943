"""Tunes the encoder end to end on the seeds. README.md tells the whole way."""

import argparse
import json
import os
import time

import torch
from torch import nn

from encoder import multiplies_bfloat16, sha256, write_encoder
from model import Model, loss_of
from tickets import batches, fold_of, read_folds, read_texts, tensors


def optimizer_of(model, options):
    """AdamW over the tuned layers and the head; embeddings stay, since the seeds know few of their words."""
    layers = model.encoder.layers
    for parameter in model.encoder.parameters():
        parameter.requires_grad = False
    groups = []
    for depth, layer in enumerate(reversed(layers[len(layers) - options.layers :])):
        for parameter in layer.parameters():
            parameter.requires_grad = True
        groups.append({"params": list(layer.parameters()), "lr": options.lr * options.decay**depth})
    groups.append({"params": list(model.head.parameters()), "lr": options.head_lr, "weight_decay": 0.0})
    return torch.optim.AdamW(groups, weight_decay=options.weight_decay, betas=(0.9, 0.98), fused=True)


def train(texts, start, options, seed, log):
    """One run: a model tuned on the texts. The same input and threads give the same weights."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = Model(start)
    model.centre([text for text in texts if text.known])
    optimizer = optimizer_of(model, options)
    # batches differ a little from epoch to epoch, so the schedule goes by the share of texts seen
    total = len(texts) * options.epochs
    warm = total // 10
    seen = 0
    began = time.time()
    for epoch in range(options.epochs):
        model.train()
        losses = 0.0
        for batch in batches(texts, options.places, generator):
            rate = (seen + 1) / warm if seen < warm else (total - seen) / (total - warm)
            for group in optimizer.param_groups:
                group.setdefault("peak", group["lr"])
                group["lr"] = group["peak"] * min(1.0, rate)
            rows = [texts[i].ids for i in batch]
            features = model.features(*tensors(rows, options.token_dropout, generator))
            features = nn.functional.dropout(features, options.head_dropout)
            loss = loss_of(model.head(features), [texts[i] for i in batch], options)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses += loss.item() * len(batch)
            seen += len(batch)
        log({"epoch": epoch + 1, "loss": round(losses / len(texts), 4), "seconds": round(time.time() - began)})
    return model.eval()


def averaged(models):
    """One model with the mean of the others' weights: runs from one start lie in one valley."""
    first = models[0]
    states = [model.state_dict() for model in models]
    first.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return first


def tuned(texts, start, options, log):
    return averaged([train(texts, start, options, seed, log) for seed in range(1, options.runs + 1)])


def tuning_options():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=2.5e-4)
    parser.add_argument("--head-lr", type=float, default=2e-2)
    parser.add_argument("--layers", type=int, default=6, help="how many layers are tuned, from the top")
    parser.add_argument("--decay", type=float, default=1.0, help="a lower layer's learning rate beside the next")
    parser.add_argument("--places", type=int, default=1536, help="tokens in a batch")
    parser.add_argument("--token-dropout", type=float, default=0.25)
    parser.add_argument("--head-dropout", type=float, default=0.1)
    parser.add_argument("--smoothing", type=float, default=0.1)
    parser.add_argument("--priority", type=float, default=0.5, help="weight of the priority's loss")
    parser.add_argument("--unknown", type=float, default=0.3, help="weight of the loss of known against unknown")
    parser.add_argument("--unknown-weight", type=float, default=4.0, help="weight of an unknown text in it")
    parser.add_argument("--consistency", type=float, default=1.0, help="weight of a matter's two tickets disagreeing")
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--runs", type=int, default=1, help="runs from different random numbers, averaged")
    return parser


def first_of(logfile):
    """What a run that was broken off was begun with."""
    if not os.path.exists(logfile):
        return None
    with open(logfile, encoding="utf-8") as file:
        return json.loads(file.readline())


def main():
    parser = argparse.ArgumentParser(description=__doc__, parents=[tuning_options()])
    parser.add_argument("--start", required=True, help="encoder-start's onnx/model_quantized.onnx")
    parser.add_argument("--sha256", required=True, help="of the start, so that nothing else is tuned by mistake")
    parser.add_argument("--tokens", required=True, help="the file that `npm run -s model:tokens` wrote")
    parser.add_argument("--folds", required=True, help="models/data/folds.json: the worlds that are left out together")
    parser.add_argument("--novel", default="0,3,12", help="categories that novel.onnx never sees, nor fold 1's worlds")
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if sha256(options.start) != options.sha256:
        parser.error(f"{options.start} has sha256 {sha256(options.start)}, not {options.sha256}")
    torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)
    texts = read_texts(options.tokens)
    folds = read_folds(options.folds)
    places = fold_of(texts, folds)
    logfile = os.path.join(options.out, "log.jsonl")

    def log(entry):
        line = json.dumps(entry)
        print(line, flush=True)
        with open(logfile, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    chosen = {key: value for key, value in vars(options).items() if key not in ("start", "tokens", "folds", "out")}
    of = {"options": chosen, "tokens": sha256(options.tokens), "folds": sha256(options.folds)}
    if begun := first_of(logfile):
        if {key: begun.get(key) for key in of} != of:
            parser.error(f"{options.out} was begun with other options, texts or folds: name another folder")
    log({**of, "texts": len(texts), "torch": torch.__version__, "bfloat16": multiplies_bfloat16()})
    parts = [("encoder", texts)]
    for fold in range(len(folds)):
        parts.append((f"fold-{fold + 1}", [text for text, place in zip(texts, places) if place != fold]))
    novel = {int(number) for number in options.novel.split(",")}
    parts.append(
        ("novel", [text for text, place in zip(texts, places) if place != 0 and text.category not in novel])
    )
    for name, chosen in parts:
        path = os.path.join(options.out, f"{name}.onnx")
        if os.path.exists(path):  # a run that was broken off goes on where it was
            continue
        write_encoder(tuned(chosen, options.start, options, log).encoder, options.start, path + ".part")
        os.replace(path + ".part", path)
        log({"written": f"{name}.onnx", "texts": len(chosen), "sha256": sha256(path)})


if __name__ == "__main__":
    main()
