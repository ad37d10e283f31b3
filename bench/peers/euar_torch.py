"""EUAR in PyTorch, as the peer that the project's training step and prediction are timed against.

Three ways to run the experts, all a fair reading of Eqs. 1-12; the first two are written for speed, the third
as typical code does:

- ``dense``: all N experts of a modality are one linear layer D -> N * 2H (one matrix product, the fastest
  dense form), the gate masks.
- ``loop``:  a Python loop over the experts; each runs only on the samples that chose it. An expert nobody
  chose has no gradient, so Adam skips it.
- ``plain``: one nn.Linear for mu and one for the log-variance of each expert, which runs on the samples that
  chose it, found by torch.where, as in the mixtures of experts of common model libraries.

Weights are read from a safetensors file with the names and layouts of the project:
``<modality>/experts/weight`` [N, D, 2H] (mu | log-variance),
``<modality>/experts/bias`` [N, 2H], ``<modality>/router/weight`` [D, N], ``<modality>/router/bias`` [N],
``head/<i>/linear/weight`` and ``head/out/weight`` [in, out], with their biases [out].
"""

import torch
from torch import nn
from torch.nn import functional as F

from sequence_encoder_torch import SequenceEncoder

LOG_VAR_MIN, LOG_VAR_MAX = -8.0, 5.0
ALPHA, BETA, LAMBDA = 1e-3, 1e-5, 1e-3


class DenseExperts(nn.Module):
    """All experts in one linear layer; returns mu and log-variance of the selected experts, [B, K, H]
    each."""

    def __init__(self, inputs, hidden, experts):
        super().__init__()
        self.hidden, self.experts = hidden, experts
        self.linear = nn.Linear(inputs, experts * 2 * hidden)

    def load(self, weight, bias):  # weight [N, D, 2H], bias [N, 2H]
        with torch.no_grad():
            self.linear.weight.copy_(weight.permute(0, 2, 1).reshape(self.linear.weight.shape))
            self.linear.bias.copy_(bias.reshape(-1))

    def forward(self, x, chosen):  # x [B, D], chosen [B, K]
        raw = self.linear(x).view(x.shape[0], self.experts, 2 * self.hidden)  # [B, N, 2H]
        index = chosen.unsqueeze(2).expand(-1, -1, 2 * self.hidden)
        return raw.gather(1, index)  # [B, K, 2H]

    def forward_mu(self, x, chosen):
        return self.forward(x, chosen)[..., : self.hidden]


class LoopExperts(nn.Module):
    """One linear layer per expert (mu and log-variance side by side: one product instead of two)."""

    def __init__(self, inputs, hidden, experts):
        super().__init__()
        self.hidden = hidden
        self.layers = nn.ModuleList(nn.Linear(inputs, 2 * hidden) for _ in range(experts))

    def load(self, weight, bias):
        with torch.no_grad():
            for e, layer in enumerate(self.layers):
                layer.weight.copy_(weight[e].T)
                layer.bias.copy_(bias[e])

    def forward(self, x, chosen):
        batch, k = chosen.shape
        order = chosen.flatten().argsort(stable=True)  # pairs sorted by expert
        counts = torch.bincount(chosen.flatten(), minlength=len(self.layers)).tolist()
        parts = x.index_select(0, order // k).split(counts)
        raw = torch.cat([layer(part) for layer, part in zip(self.layers, parts) if part.shape[0]])
        return torch.empty_like(raw).index_copy(0, order, raw).view(batch, k, 2 * self.hidden)

    def forward_mu(self, x, chosen):
        return self.forward(x, chosen)[..., : self.hidden]


class PlainExperts(nn.Module):
    """Two linear layers per expert, as Eqs. 1-2 are written."""

    def __init__(self, inputs, hidden, experts):
        super().__init__()
        self.hidden = hidden
        self.mu = nn.ModuleList(nn.Linear(inputs, hidden) for _ in range(experts))
        self.log_var = nn.ModuleList(nn.Linear(inputs, hidden) for _ in range(experts))

    def load(self, weight, bias):
        with torch.no_grad():
            for layers, start in ((self.mu, 0), (self.log_var, self.hidden)):
                for e, layer in enumerate(layers):
                    layer.weight.copy_(weight[e, :, start : start + self.hidden].T)
                    layer.bias.copy_(bias[e, start : start + self.hidden])

    def forward(self, x, chosen):
        out = x.new_zeros(*chosen.shape, 2 * self.hidden)
        for e, (mu, log_var) in enumerate(zip(self.mu, self.log_var)):
            row, slot = torch.where(chosen == e)
            if row.numel() == 0:
                continue
            own = x[row]
            out[row, slot] = torch.cat([mu(own), log_var(own)], dim=1)
        return out

    def forward_mu(self, x, chosen):
        return self.forward(x, chosen)[..., : self.hidden]


KINDS = {"dense": DenseExperts, "loop": LoopExperts, "plain": PlainExperts}


class Euar(nn.Module):
    def __init__(self, widths, hidden, experts, top_k, kind, head=(72,), encoder=None):
        """`encoder`: {steps, layers, heads} of a sequence encoder per modality, or None for features [B,
        D]."""
        super().__init__()
        self.names = list(widths)
        self.encoders = nn.ModuleList(
            SequenceEncoder(d, hidden, **encoder) if encoder else nn.Identity() for d in widths.values()
        )
        if encoder:
            widths = {name: hidden for name in widths}
        self.hidden, self.experts, self.top_k = hidden, experts, min(top_k, experts)
        self.routers = nn.ModuleList(nn.Linear(d, experts) for d in widths.values())
        self.mixtures = nn.ModuleList(KINDS[kind](d, hidden, experts) for d in widths.values())
        sizes = [hidden * len(widths), *head, 1]
        layers = []
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            layers += [nn.Linear(a, b)] + ([nn.ReLU()] if i < len(sizes) - 2 else [])
        self.head = nn.Sequential(*layers)

    def load(self, tensors):
        with torch.no_grad():
            for i, name in enumerate(self.names):
                if isinstance(self.encoders[i], SequenceEncoder):
                    self.encoders[i].load(tensors, f"{name}/encoder")
                self.routers[i].weight.copy_(tensors[f"{name}/router/weight"].T)
                self.routers[i].bias.copy_(tensors[f"{name}/router/bias"])
                self.mixtures[i].load(tensors[f"{name}/experts/weight"], tensors[f"{name}/experts/bias"])
            layers = [m for m in self.head if isinstance(m, nn.Linear)]
            for i, layer in enumerate(layers):
                name = "head/out" if i == len(layers) - 1 else f"head/{i}/linear"
                layer.weight.copy_(tensors[f"{name}/weight"].T)
                layer.bias.copy_(tensors[f"{name}/bias"])

    def forward(self, inputs):
        """Evaluation: predictions [B, 1], and each modality's uncertainty [B], the gate-weighted mean of
        sigma^2."""
        joint, uncertainties = [], []
        for features, encoder, router, mixture in zip(inputs, self.encoders, self.routers, self.mixtures):
            x = encoder(features)
            gate, chosen = router(x).softmax(1).topk(self.top_k, dim=1)
            mu, log_var = mixture(x, chosen).chunk(2, dim=2)
            sigma2 = log_var.clamp(LOG_VAR_MIN, LOG_VAR_MAX).exp().mean(2)
            joint.append((gate.unsqueeze(2) * mu).sum(1))
            uncertainties.append((gate * sigma2).sum(1) / gate.sum(1))
        return self.head(torch.cat(joint, 1)), uncertainties

    def loss(self, inputs, labels, sampling):
        """Eq. 12 for one batch: inputs [B, D] per modality, labels [B, 1]."""
        joint, kl, aux, uncertainty = [], 0.0, 0.0, 0.0
        batch = labels.shape[0]
        for features, encoder, router, mixture in zip(inputs, self.encoders, self.routers, self.mixtures):
            x = encoder(features)
            gate, chosen = router(x).softmax(1).topk(self.top_k, dim=1)  # Eq. 5: [B, K]
            mu, log_var = mixture(x, chosen).chunk(2, dim=2)  # Eqs. 1-2: [B, K, H]
            log_var = log_var.clamp(LOG_VAR_MIN, LOG_VAR_MAX)
            sigma = (0.5 * log_var).exp()
            sigma2 = sigma * sigma
            z = torch.addcmul(mu, torch.randn_like(sigma), sigma) if sampling else mu  # Eq. 3
            joint.append(torch.bmm(gate.unsqueeze(1), z).squeeze(1))  # Eq. 6: [B, H]
            kl = kl - 0.5 * (1 + log_var - mu * mu - sigma2).mean()  # Eq. 4
            share = torch.bincount(chosen[:, 0], minlength=self.experts).float() / batch  # R_j: argmax share
            mean_gate = (
                torch.zeros(self.experts).index_add(0, chosen.flatten(), gate.flatten()) / batch
            )  # P_j
            aux = aux + torch.dot(share, mean_gate) / self.experts  # Eqs. 7-9
            uncertainty = uncertainty + (gate * sigma2.mean(2)).sum() / (batch * self.experts)  # Eq. 10
        prediction = self.head(torch.cat(joint, 1))
        return F.mse_loss(prediction, labels) + ALPHA * kl + BETA * aux + LAMBDA * uncertainty  # Eqs. 11-12
