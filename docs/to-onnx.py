"""A PyTorch text classifier -> the folder that triaged loads (docs/models.md).

    python docs/to-onnx.py SOURCE FOLDER [--fp32]

SOURCE is a folder with config.json and model.safetensors (or pytorch_model.bin), or a hub name (org/name).
Tried with Python 3.11, torch 2.13.0 (CPU), transformers 5.24.0, tokenizers 0.23.3, onnx 1.23.2, onnxruntime 1.32.0.
"""
import argparse
from pathlib import Path

import numpy
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import AutoModelForSequenceClassification, AutoTokenizer

SENTENCES = [
    "Kein WLAN im zweiten Stock\nSeit heute früh kommt niemand mehr ins Netz.",
    "Invoice 4711 was charged twice\nPlease send the money back.",
    "Hallo",
]

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("source")
arguments.add_argument("folder", type=Path)
arguments.add_argument("--fp32", action="store_true", help="keep full precision: four times as large, slower")
wanted = arguments.parse_args()

tokenizer = AutoTokenizer.from_pretrained(wanted.source, use_fast=True)
# eager: the plain attention, whose operations every ONNX runtime knows
model = AutoModelForSequenceClassification.from_pretrained(wanted.source, attn_implementation="eager").eval()


class Logits(torch.nn.Module):
    """Ids and mask in, `logits` out: all that triaged asks of a plain model."""

    def __init__(self, classifier):
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids, attention_mask):
        return self.classifier(input_ids=input_ids, attention_mask=attention_mask).logits


(wanted.folder / "onnx").mkdir(parents=True, exist_ok=True)
plain = wanted.folder / "onnx" / "model.onnx"
small = wanted.folder / "onnx" / "model_quantized.onnx"
prepared = wanted.folder / "onnx" / "prepared.onnx"
example = tokenizer(SENTENCES[0], return_tensors="pt")
axes = {0: "batch", 1: "tokens"}
torch.onnx.export(
    Logits(model).eval(),
    (example["input_ids"], example["attention_mask"]),
    str(plain),
    input_names=["input_ids", "attention_mask"],
    output_names=["logits"],
    dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": {0: "batch"}},
    opset_version=17,
    dynamo=False,
)
if not wanted.fp32:
    quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(small), weight_type=QuantType.QInt8, per_channel=True)
    prepared.unlink()

model.config.save_pretrained(wanted.folder)
tokenizer.save_pretrained(wanted.folder)


def probabilities(logits):
    return numpy.exp(logits - logits.max()) / numpy.exp(logits - logits.max()).sum()


def worst(graph):
    """The largest difference of a probability between PyTorch and the graph."""
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    differences = []
    for sentence in SENTENCES:
        ids = tokenizer(sentence, return_tensors="pt")
        with torch.no_grad():
            before = model(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"]).logits.numpy()[0]
        feed = {"input_ids": ids["input_ids"].numpy(), "attention_mask": ids["attention_mask"].numpy()}
        after = session.run(["logits"], feed)[0][0]
        differences.append(abs(probabilities(before) - probabilities(after)).max())
    return max(differences)


print(f"labels: {', '.join(model.config.id2label[i] for i in range(len(model.config.id2label)))}")
print(f"full precision differs from PyTorch by {worst(plain):.6f}")
if not wanted.fp32:
    print(f"int8 differs from PyTorch by {worst(small):.4f}")
    plain.unlink()
print(f"now: triaged models add {wanted.folder}")
