"""The sequence encoder in PyTorch as fast as we know how to write it: conv1d over 3 steps, sinusoidal
positions, pre-norm transformer layers with fused attention, and the mean over time. All sequences are full,
so that nothing is spent on masks.

Weights are read by the project's names and layouts: ``<modality>/encoder/conv/weight`` [3 D, H] and
``<modality>/encoder/layers/<i>/...`` [in, out].
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.parts = nn.ModuleDict(
            {
                "attention/in": nn.Linear(width, 3 * width),
                "attention/out": nn.Linear(width, width),
                "attention-norm": nn.LayerNorm(width),
                "feed-forward/in": nn.Linear(width, 4 * width),
                "feed-forward/out": nn.Linear(4 * width, width),
                "feed-forward-norm": nn.LayerNorm(width),
            }
        )

    def forward(self, x):  # [B, T, H]
        batch, steps, width = x.shape
        projected = self.parts["attention/in"](self.parts["attention-norm"](x))
        q, k, v = projected.view(batch, steps, 3, self.heads, -1).permute(
            2, 0, 3, 1, 4
        )  # [B, heads, T, d] each
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, steps, width)
        x = x + self.parts["attention/out"](mixed)
        return x + self.parts["feed-forward/out"](
            F.relu(self.parts["feed-forward/in"](self.parts["feed-forward-norm"](x)))
        )


class SequenceEncoder(nn.Module):
    def __init__(self, inputs, width, steps, layers, heads):
        super().__init__()
        self.width = width
        self.conv = nn.Conv1d(inputs, width, 3, padding=1, bias=False)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        rate = 10000.0 ** (-(torch.arange(width) // 2 * 2).double() / width)
        angle = torch.arange(steps).double()[:, None] * rate
        self.register_buffer(
            "positions", torch.where(torch.arange(width) % 2 == 0, angle.sin(), angle.cos()).float()
        )

    def load(self, tensors, name):
        with torch.no_grad():
            weight = tensors[f"{name}/conv/weight"]
            self.conv.weight.copy_(weight.view(3, -1, self.width).permute(2, 1, 0))
            for i, layer in enumerate(self.layers):
                for part, module in layer.parts.items():
                    norm = isinstance(module, nn.LayerNorm)
                    stored = tensors[f"{name}/layers/{i}/{part}/{'gain' if norm else 'weight'}"]
                    module.weight.copy_(stored if norm else stored.T)
                    module.bias.copy_(tensors[f"{name}/layers/{i}/{part}/bias"])
            self.norm.weight.copy_(tensors[f"{name}/norm/gain"])
            self.norm.bias.copy_(tensors[f"{name}/norm/bias"])

    def forward(self, x):  # [B, T, D] -> [B, H]
        x = self.conv(x.transpose(1, 2)).transpose(1, 2) * math.sqrt(self.width) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.norm(x).mean(1)
