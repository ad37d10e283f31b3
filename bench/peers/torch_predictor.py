"""Predictions in PyTorch from a run folder of the project."""

import json

import torch
from safetensors import safe_open
from torch.nn import functional as F

from euar_torch import LOG_VAR_MAX, LOG_VAR_MIN, Euar


def read_run(path):
    """Tensors, the model's options, the names of the modalities and the normaliser."""
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        metadata = file.metadata()
    config, normaliser = json.loads(metadata["config"]), json.loads(metadata["normaliser"])
    if normaliser["kind"] not in ("zscore", "unit"):
        raise ValueError("only runs with zscore or unit normalisation are compared here")
    return tensors, config["model"]["config"], [m["name"] for m in config["data"]["modalities"]], normaliser


class PlainPredictor:
    """As one writes it: the nn.Module of the training in eval mode, under no_grad, with each modality's
    uncertainty."""

    def __init__(self, path, kind="plain"):
        tensors, model, self.names, normaliser = read_run(path)
        self.clip = normaliser["clip"] or float("inf")
        self.mean = [tensors[f"normaliser:{name}/mean"].float() for name in self.names]
        self.std = [tensors[f"normaliser:{name}/std"].float() for name in self.names]
        widths = {name: mean.shape[0] for name, mean in zip(self.names, self.mean)}
        self.shrink = [
            normaliser["length"] * d**-0.5 if normaliser["kind"] == "unit" else 1.0 for d in widths.values()
        ]
        self.model = Euar(
            widths,
            model["hidden"],
            model["experts"]["count"],
            model["experts"]["topK"],
            kind,
            tuple(model["head"]),
        )
        self.model.load(tensors)
        self.model.eval()

    def predict(self, features):
        """features: one numpy vector per modality."""
        with torch.no_grad():
            vectors = [torch.from_numpy(x).unsqueeze(0) for x in features]
            scaled = [
                ((x - mean) / std).clamp(-self.clip, self.clip) * shrink
                for x, mean, std, shrink in zip(vectors, self.mean, self.std, self.shrink)
            ]
            prediction, uncertainties = self.model(scaled)
            self.uncertainties = [value.item() for value in uncertainties]
            return prediction.item()


class Predictor:
    """mu only, no diagnostics, nothing computed that a prediction does not need. ``dense`` multiplies with
    all experts of a modality at once, ``loop`` only with the chosen ones."""

    uncertainties = None

    def __init__(self, path, kind):
        tensors, model, self.names, normaliser = read_run(path)
        self.hidden, self.experts = model["hidden"], model["experts"]["count"]
        self.top_k = min(model["experts"]["topK"], self.experts)
        self.mixture = self.dense if kind == "dense" else self.loop
        self.clip = normaliser["clip"] or float("inf")
        self.branches = []
        for name in self.names:
            columns = self.columns(self.hidden)
            weight = tensors[f"{name}/experts/weight"][..., :columns]  # [N, D, H]: the columns of mu
            bias = tensors[f"{name}/experts/bias"][:, :columns]
            width = weight.shape[1]
            shrink = normaliser["length"] * width**-0.5 if normaliser["kind"] == "unit" else 1.0
            self.branches.append(
                {
                    "mean": tensors[f"normaliser:{name}/mean"].float(),
                    "scale": (1 / tensors[f"normaliser:{name}/std"]).float(),
                    "shrink": shrink,
                    "router": (
                        tensors[f"{name}/router/weight"].T.contiguous(),
                        tensors[f"{name}/router/bias"],
                    ),
                    "all": (
                        weight.permute(0, 2, 1).reshape(-1, width).contiguous(),
                        bias.reshape(-1).contiguous(),
                    ),
                    "each": [(w.T.contiguous(), b.contiguous()) for w, b in zip(weight, bias)],
                }
            )
        self.head = []
        for i in range(len(model["head"])):
            self.head.append(
                (tensors[f"head/{i}/linear/weight"].T.contiguous(), tensors[f"head/{i}/linear/bias"])
            )
        self.out = (tensors["head/out/weight"].T.contiguous(), tensors["head/out/bias"])

    @staticmethod
    def columns(hidden):
        """Number of columns of the experts' matrices that are used."""
        return hidden

    def dense(self, x, chosen, branch):
        """Outputs of the chosen experts, [K, columns]."""
        return F.linear(x, *branch["all"]).view(self.experts, -1).index_select(0, chosen)

    def loop(self, x, chosen, branch):
        return torch.stack([torch.addmv(b, w, x) for w, b in (branch["each"][e] for e in chosen.tolist())])

    def mixed(self, features):
        """Gates [K] and outputs of the chosen experts [K, columns], by modality."""
        for x, branch in zip(features, self.branches):
            x = ((x - branch["mean"]) * branch["scale"]).clamp_(-self.clip, self.clip)
            if branch["shrink"] != 1.0:
                x = x * branch["shrink"]
            gate, chosen = F.linear(x, *branch["router"]).softmax(0).topk(self.top_k)
            yield gate, self.mixture(x, chosen, branch)

    def answer(self, joint):
        """Prediction [1] from the modalities' features, M of [H]."""
        state = torch.cat(joint)
        for layer in self.head:
            state = F.linear(state, *layer).relu_()
        return F.linear(state, *self.out)

    def forward(self, features):
        return self.answer([gate @ mu for gate, mu in self.mixed(features)])

    def predict(self, features):
        """features: one numpy vector per modality."""
        with torch.inference_mode():
            return self.forward([torch.from_numpy(x) for x in features]).item()


class UncertainPredictor(Predictor):
    """The same with each modality's uncertainty, the gate-weighted mean of sigma^2. Mu and log-variance are
    one product."""

    @staticmethod
    def columns(hidden):
        return 2 * hidden

    def forward(self, features):
        joint, uncertainties = [], []
        for gate, raw in self.mixed(features):
            mixed = gate @ raw[:, : self.hidden]
            sigma2 = raw[:, self.hidden :].clamp(LOG_VAR_MIN, LOG_VAR_MAX).exp_().mean(1)
            joint.append(mixed)
            uncertainties.append(torch.dot(gate, sigma2) / gate.sum())
        return torch.cat([self.answer(joint), torch.stack(uncertainties)])

    def predict(self, features):
        with torch.inference_mode():
            prediction, *self.uncertainties = self.forward([torch.from_numpy(x) for x in features]).tolist()
            return prediction
