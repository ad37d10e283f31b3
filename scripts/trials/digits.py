"""Tries designs of the preset `precision` on the validation speakers of the digits' folds (docs/findings.md).

Run: python scripts/trials/digits.py FOLDS [design ...]      (needs Python with numpy, scipy and torch)

FOLDS is the folder that `euar extract` wrote, with a fold per speaker. A fold trains on four speakers and
their corrupted copies, chooses its epoch on the clean clips of a fifth, and is scored on that speaker's
damaged copies of known kinds, which are in the folder of the fold that tests on it. No fold reads its own
test speaker. The networks of all folds train side by side.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import spearmanr

MODALITIES = ("audio", "image")
LEVELS = (0.25, 0.5, 0.75, 1.0)
BATCH, RATE, DECAY, HIDDEN, CLASSES, COPIES, KEEP = 64, 2e-3, 0.01, 128, 10, 3, 0.5

# gate: "learned", "random" (always), or "kind" (the true kind of damage, an expert for each)
# weights: "precision" or "equal"; score: "experts", "own" (a layer on features and squares, which weighs
# nothing), or "added" (such a layer, added to the experts' log-variances); across: compare copies of
# different kinds
USUAL = dict(experts=4, top=2, gate="learned", exploration=0.0, weights="precision", alone=0.5, order=0.1,
             across=False, score="experts", epochs=15, seed=7)
EXPLORING = dict(top=4, exploration=0.5)
SCORED = dict(score="own", order=1.0, across=True, weights="equal", alone=1.0)
DESIGNS = {
    "two experts per sample, weighed": {},
    "random gates": dict(gate="random"),
    "true kind of damage": dict(experts=5, top=5, gate="kind"),
    "exploration": EXPLORING,
    "exploration, equal weights": dict(EXPLORING, weights="equal"),
    "exploration, weighed by a taught layer, 0.3": dict(EXPLORING, score="added", order=0.3, across=True),
    "exploration, weighed by a taught layer, 1": dict(EXPLORING, score="added", order=1.0, across=True),
    "exploration, equal weights, trained alone, taught layer": dict(EXPLORING, **SCORED),
    "one expert, equal weights, trained alone, taught layer": dict(SCORED, experts=1, top=1),
}


def lines(path):
    return [json.loads(line) for line in path.open()]


def features(path):
    values = np.load(path)
    return values.reshape(len(values), -1).astype(np.float32)


def read_fold(folds, fold):
    train = {m: features(fold / f"train/{m}.npy") for m in MODALITIES}
    means = {m: train[m].mean(0) for m in MODALITIES}
    spreads = {m: train[m].std(0) for m in MODALITIES}
    for m in MODALITIES:
        spreads[m][spreads[m] < 1e-6 * np.abs(train[m]).max(0).clip(1e-12)] = 1
    scaled = lambda values, m: np.clip((values - means[m]) / spreads[m], -10, 10).astype(np.float32)
    table = lines(fold / "copies/table.jsonl")
    kinds = {m: sorted({row[f"{m}.kind"] for row in table} - {"clean"}) for m in MODALITIES}
    number = lambda m, kind: 0 if kind == "clean" else 1 + kinds[m].index(kind)
    rows = np.array([row["row"] for row in table])
    speaker = lines(fold / "valid/table.jsonl")[0]["id"].split("_")[0]
    other = folds / speaker
    damaged = lines(other / "damaged/table.jsonl")
    met = [i for i, row in enumerate(damaged) if "#met-" in row["id"]]
    out = {
        "labels": np.array([int(row["label"]) for row in lines(fold / "train/table.jsonl")]),
        "copies_of": np.argsort(rows, kind="stable").reshape(-1, COPIES),
        "clean_labels": np.array([int(row["label"]) for row in lines(other / "test/table.jsonl")]),
        "damaged_labels": np.array([int(damaged[i]["label"]) for i in met]),
        "levels": np.array([float(damaged[i]["id"].split("-")[-1]) for i in met]),
    }
    for m in MODALITIES:
        out[f"train.{m}"] = scaled(train[m], m)
        out[f"copies.{m}"] = scaled(features(fold / f"copies/{m}.npy"), m)
        out[f"severity.{m}"] = np.array([row[f"{m}.severity"] for row in table], np.float32)
        out[f"kind.{m}"] = np.array([number(m, row[f"{m}.kind"]) for row in table])
        out[f"clean.{m}"] = scaled(features(other / f"test/{m}.npy"), m)
        out[f"damaged.{m}"] = scaled(features(other / f"damaged/{m}.npy")[met], m)
        out[f"damaged_severity.{m}"] = np.array([damaged[i][f"{m}.severity"] for i in met], np.float32)
        out[f"damaged_kind.{m}"] = np.array([number(m, damaged[i][f"{m}.kind"]) for i in met])
    return out


class Networks:
    """One network per fold: a hidden layer per modality, and linear Gaussian experts that predict."""

    def __init__(self, design, widths, folds):
        self.design, self.folds = design, folds
        draw = torch.Generator().manual_seed(design["seed"])
        self.weights, self.decayed = {}, []

        def layer(name, *shape):
            fan = shape[-2]
            values = (torch.rand(folds, *shape, generator=draw) * 2 - 1) / math.sqrt(fan)
            self.weights[f"{name}/weight"] = values
            self.weights[f"{name}/bias"] = torch.zeros(folds, *shape[:-2], 1, shape[-1])
            self.decayed.append(f"{name}/weight")

        for m in MODALITIES:
            layer(f"{m}/encoder", widths[m], HIDDEN)
            layer(f"{m}/experts", design["experts"], HIDDEN, 2 * CLASSES)
            layer(f"{m}/router", HIDDEN, design["experts"])
            self.weights[f"{m}/scale"] = torch.ones(folds, 1, 1)
            self.weights[f"{m}/offset"] = torch.zeros(folds, 1, 1)
            if design["score"] != "experts":
                layer(f"{m}/hidden", 2 * widths[m], 64)
                layer(f"{m}/out", 64, 1)
        self.weights["bias"] = torch.zeros(folds, 1, CLASSES)
        for values in self.weights.values():
            values.requires_grad_()

    def linear(self, name, x):
        return torch.matmul(x, self.weights[f"{name}/weight"]) + self.weights[f"{name}/bias"]

    def gates(self, m, x, kinds, training):
        design, (folds, batch, _) = self.design, x.shape
        count = design["experts"]
        random = torch.softmax(torch.randn(folds, batch, count), 2)
        if design["gate"] == "random":
            gates = random
        elif design["gate"] == "kind":
            gates = F.one_hot(kinds, count).float()
        else:
            gates = torch.softmax(self.linear(f"{m}/router", x), 2)
            if training and design["exploration"] > 0:
                explores = (torch.rand(folds, batch, 1) < design["exploration"]).float()
                gates = explores * random + (1 - explores) * gates
        top = gates.topk(design["top"], 2)
        return torch.zeros_like(gates).scatter(2, top.indices, top.values)

    def forward(self, inputs, kinds, training=False):
        design, alone, uncertainty, total = self.design, {}, {}, self.weights["bias"]
        for m in MODALITIES:
            x = F.dropout(torch.relu(self.linear(f"{m}/encoder", inputs[m])), 0.3, training)
            gates = self.gates(m, x, kinds[m], training)
            both = self.linear(f"{m}/experts", x[:, None])  # [folds, N, B, 2 * classes]
            variance = both[..., CLASSES:].clamp(-8, 5).exp().mean(3).transpose(1, 2)  # [folds, B, N]
            value = torch.einsum("fbn,fnbc->fbc", gates, both[..., :CLASSES])
            u = torch.log((gates * variance).sum(2, keepdim=True) / gates.sum(2, keepdim=True))
            if design["score"] != "experts":
                read = torch.cat([inputs[m], (inputs[m] ** 2 - 1).clamp(-10, 10)], 2)
                hidden = torch.relu(self.linear(f"{m}/hidden", read))
                score = self.linear(f"{m}/out", F.dropout(hidden, 0.3, training))
                u = score if design["score"] == "own" else u + score
            weight = 1.0
            if design["weights"] == "precision":
                weight = torch.sigmoid(self.weights[f"{m}/offset"] - self.weights[f"{m}/scale"] * u)
            alone[m], uncertainty[m], total = value + self.weights["bias"], u, total + weight * value
        return total, alone, uncertainty


def cross_entropy(logits, labels):
    losses = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return losses.view(labels.shape).mean(1)


def ranking(u, severity, kind):
    """Severity-ranking loss of src/nn/losses/severity-ranking.ts, [folds]."""
    u, other = u[..., 0], kind[:, None, :]
    comparable = (other == kind[:, :, None]) | (other == 0)
    pairs = (severity[:, :, None] - severity[:, None, :]).clamp(min=0) * comparable
    behind = F.softplus(u[:, None, :] - u[:, :, None])
    return (pairs * behind).sum((1, 2)) / pairs.sum((1, 2)).clamp(min=1e-6)


def train(design, data):
    torch.manual_seed(design["seed"])
    draw = np.random.default_rng(design["seed"])
    folds, size = data["labels"].shape
    networks = Networks(design, {m: data[f"train.{m}"].shape[2] for m in MODALITIES}, folds)
    weights = networks.weights
    decayed = [weights[name] for name in networks.decayed]
    others = [one for name, one in weights.items() if name not in networks.decayed]
    groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE)
    steps, step = design["epochs"] * math.ceil(size / BATCH), 0
    each, best = torch.arange(folds)[:, None], torch.full((folds,), -1.0)
    kept = {name: one.detach().clone() for name, one in weights.items()}
    for _ in range(design["epochs"]):
        order = np.stack([draw.permutation(size) for _ in range(folds)])
        for start in range(0, size, BATCH):
            for group in optimiser.param_groups:
                group["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            step += 1
            rows = torch.tensor(order[:, start : start + BATCH])
            inputs, severity, kind = {}, {}, {}
            for m in MODALITIES:
                chosen = data["copies_of"][each, rows, torch.tensor(draw.integers(0, COPIES, rows.shape))]
                damaged = torch.tensor(draw.random(rows.shape) >= KEEP)
                original = data[f"train.{m}"][each, rows]
                copy = torch.where(damaged[..., None], data[f"copies.{m}"][each, chosen], original)
                clean = torch.zeros(rows.shape)
                inputs[m] = torch.cat([original, copy], 1)
                severity[m] = torch.cat([clean, data[f"severity.{m}"][each, chosen] * damaged], 1)
                kind[m] = torch.cat([clean.long(), data[f"kind.{m}"][each, chosen] * damaged], 1)
            labels = data["labels"][each, rows].repeat(1, 2)
            total, alone, uncertainty = networks.forward(inputs, kind, training=True)
            loss = cross_entropy(total, labels)
            for m in MODALITIES:
                compared = (severity[m] > 0).long() if design["across"] else kind[m]
                loss = loss + design["alone"] * cross_entropy(alone[m], labels)
                loss = loss + design["order"] * ranking(uncertainty[m], severity[m], compared)
            optimiser.zero_grad()
            loss.sum().backward()
            optimiser.step()
        right = (scores(networks, data, "clean")[0]).mean(1)
        better = right > best
        best = torch.where(better, right, best)
        for name, one in weights.items():
            kept[name][better] = one.detach()[better]
    networks.weights = kept
    return networks


@torch.no_grad()
def scores(networks, data, test):
    """1 for each right class, [folds, samples], and the uncertainties."""
    inputs = {m: data[f"{test}.{m}"] for m in MODALITIES}
    clean = {m: torch.zeros(inputs[m].shape[:2], dtype=torch.long) for m in MODALITIES}
    kinds = clean if test == "clean" else {m: data[f"damaged_kind.{m}"] for m in MODALITIES}
    total, _, uncertainty = networks.forward(inputs, kinds)
    return (total.argmax(2) == data[f"{test}_labels"]).float(), uncertainty


def report(name, networks, data):
    (clean, sure), (damaged, unsure) = scores(networks, data, "clean"), scores(networks, data, "damaged")
    heights = [clean.mean()] + [damaged[data["levels"] == level].mean() for level in LEVELS]
    area = sum((low + high) / 2 for low, high in zip(heights, heights[1:])) / len(LEVELS)
    follow = {}
    for m in MODALITIES:
        severity = np.concatenate([np.zeros(sure[m].shape[:2]), data[f"damaged_severity.{m}"]], 1)
        found = torch.cat([sure[m], unsure[m]], 1)[..., 0].numpy()
        follow[m] = float(np.mean([spearmanr(*pair)[0] for pair in zip(found, severity)]))
    correlations = ", ".join(f"{m} {follow[m]:.3f}" for m in MODALITIES)
    print(f"{name}: clean {heights[0]:.4f}, area {area:.4f}, Spearman {correlations}", flush=True)


def main(folder, names):
    folds = Path(folder)
    each = [read_fold(folds, fold) for fold in sorted(folds.iterdir()) if (fold / "valid").is_dir()]
    data = {name: torch.tensor(np.stack([one[name] for one in each])) for name in each[0]}
    for name in names or DESIGNS:
        report(name, train({**USUAL, **DESIGNS[name]}, data), data)


main(sys.argv[1], sys.argv[2:])
