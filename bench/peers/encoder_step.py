"""Contestant: one fine-tuning step of a text encoder of transformers under a linear head, in PyTorch. See
bench/lib/child.js.

The layers below the first one that trains run once per batch, and their states are kept, as ours are. Texts
are padded to the longest of the batch.

    python bench/peers/encoder_step.py FOLDER '{"lengths": [...], "layers": 8, "trained": 4, ...}'
"""

import json
import math
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModel

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
folder, settings = sys.argv[1], json.loads(sys.argv[2])
lengths, count = settings["lengths"], settings["batches"]
size, steps = len(lengths), max(lengths)


def batch_of(k):
    ids = torch.zeros(size, steps, dtype=torch.long)
    mask = torch.zeros(size, steps)
    for b, length in enumerate(lengths):
        for t in range(length):
            ids[b, t] = 1000 + (7919 * (k * size + b) + 104729 * t) % 20000
            mask[b, t] = 1
    labels = torch.tensor([3 * math.sin(k * size + b) for b in range(size)], dtype=torch.float32)
    return ids, mask, labels


class Tuned(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="sdpa" if "MiniLM" in folder else "eager"
        )
        for module in self.encoder.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
            if hasattr(module, "dropout_prob"):
                module.dropout_prob = 0.0
        stack = self.encoder.encoder
        kept = settings.get("layers", len(stack.layer))
        stack.layer = stack.layer[:kept]
        self.first = kept - settings.get("trained", kept)
        self.whole = self.first == 0
        for p in self.encoder.parameters():
            p.requires_grad_(self.whole)
        for layer in stack.layer[self.first :]:
            for p in layer.parameters():
                p.requires_grad_(True)
        hidden = self.encoder.config.hidden_size
        self.head = torch.nn.Linear(hidden, 1)
        with torch.no_grad():
            self.head.weight.copy_(0.05 * torch.sin(torch.arange(hidden, dtype=torch.float64)).float()[None])
            self.head.bias.zero_()
        self.cache = {}

    def states(self, k, ids, mask):
        if self.whole:
            return self.encoder(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        added = (1 - mask)[:, None, None, :] * torch.finfo(torch.float32).min
        stack = self.encoder.encoder
        if k not in self.cache:
            with torch.no_grad():
                x = self.encoder.embeddings(input_ids=ids)
                bias = stack.compute_position_bias(x)
                for layer in stack.layer[: self.first]:
                    x = layer(x, added, bias)[0]
                self.cache[k] = x, bias
        x, bias = self.cache[k]
        for layer in stack.layer[self.first :]:
            x = layer(x, added, bias)[0]
        return x

    def forward(self, k, ids, mask):
        x = self.states(k, ids, mask)
        pooled = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(pooled)[:, 0]


class State:
    def __init__(self, variant):
        self.model = Tuned().train()
        decayed = [
            p
            for n, p in self.model.encoder.named_parameters()
            if p.requires_grad
            and p.ndim == 2
            and "embeddings" not in n
            and "relative_attention_bias" not in n
        ]
        plain = [
            p
            for n, p in self.model.encoder.named_parameters()
            if p.requires_grad and not any(p is q for q in decayed)
        ]
        rate, head_rate, decay = settings["learningRate"], settings["headRate"], settings["weightDecay"]
        groups = [
            {"params": decayed, "lr": rate, "weight_decay": decay},
            {"params": plain, "lr": rate, "weight_decay": 0.0},
            {"params": [self.model.head.weight], "lr": head_rate, "weight_decay": decay},
            {"params": [self.model.head.bias], "lr": head_rate, "weight_decay": 0.0},
        ]
        how = {"fused": {"fused": True}, "foreach": {"foreach": True}, "default": {}}[variant]
        self.optimiser = torch.optim.AdamW([group for group in groups if group["params"]], **how)
        self.step = 0

    def advance(self):
        k = self.step % count
        ids, mask, labels = BATCHES[k]
        loss = torch.nn.functional.l1_loss(self.model(k, ids, mask), labels)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.step += 1
        return loss.item()


BATCHES = [batch_of(k) for k in range(count)]
running = {}


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


def answer(request):
    if request["ask"] == "versions":
        return {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "cpuCapability": torch.backends.cpu.get_cpu_capability(),
        }
    variant = request["variant"]
    if request["ask"] == "check":
        state = State(variant)
        return {"losses": [state.advance() for _ in range(request["steps"])]}
    if variant not in running:
        running.clear()
        running[variant] = State(variant)
        for _ in range(count + 1):
            running[variant].advance()
    state = running[variant]
    ms, cpu = [], cpu_ms()
    for _ in range(request["steps"]):
        start = time.perf_counter()
        state.advance()
        ms.append(1000 * (time.perf_counter() - start))
    return {"ms": ms, "cpuMs": (cpu_ms() - cpu) / request["steps"]}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # noqa: BLE001: the other side reports it
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
