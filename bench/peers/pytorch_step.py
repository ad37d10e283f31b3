"""Contestant: one training step of EUAR in PyTorch, on one thread by default. Reads a JSON request per line,
answers with a JSON line (see bench/lib/child.js).

    python bench/peers/pytorch_step.py CASE.safetensors '{"experts": 8, "topK": 3, ...}'

A variant is "<experts>+<Adam>[+compile]": experts dense, loop or plain (euar_torch.py); Adam "fused",
"foreach" or "default" (what torch.optim.Adam does when not told). Needs Python with torch, numpy and
safetensors.
"""

import json
import sys
import time

import torch
from safetensors.torch import load_file

from euar_torch import Euar

ADAM = {"fused": dict(fused=True), "foreach": dict(foreach=True), "default": dict()}


class Contest:
    def __init__(self, path, case):
        self.tensors, self.case = load_file(path), case
        names = list(case["widths"])
        self.batches = [
            ([self.tensors[f"batch/{b}/{name}"] for name in names], self.tensors[f"batch/{b}/labels"])
            for b in range(case["batches"])
        ]
        self.running = {}

    def build(self, variant):
        experts, adam, *rest = variant.split("+")
        encoder = {"steps": self.case["steps"], **self.case["encoder"]} if "encoder" in self.case else None
        model = Euar(
            self.case["widths"],
            self.case["hidden"],
            self.case["experts"],
            self.case["topK"],
            experts,
            encoder=encoder,
        )
        model.load(self.tensors)
        loss_of = torch.compile(model.loss, dynamic=False) if "compile" in rest else model.loss
        return (
            model,
            torch.optim.Adam(model.parameters(), lr=self.case["learningRate"], **ADAM[adam]),
            loss_of,
        )

    def check(self, variant, steps):
        """Losses of the first steps from the initial weights, always mu instead of a sample."""
        _, optimiser, loss_of = self.build(variant)
        losses = []
        for i in range(steps):
            inputs, labels = self.batches[i % len(self.batches)]
            optimiser.zero_grad(set_to_none=True)
            loss = loss_of(inputs, labels, False)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        return losses

    def time(self, variant, steps, parts):
        if variant not in self.running:
            torch.manual_seed(1)
            self.running[variant] = [*self.build(variant), 0]
            self.time(variant, 20, False)
        state = self.running[variant]
        _, optimiser, loss_of, at = state
        times, split, cpu = [], [], time.process_time()
        for i in range(at, at + steps):
            inputs, labels = self.batches[i % len(self.batches)]
            t0 = time.perf_counter()
            optimiser.zero_grad(set_to_none=True)
            loss = loss_of(inputs, labels, True)
            t1 = time.perf_counter()
            loss.backward()
            t2 = time.perf_counter()
            optimiser.step()
            t3 = time.perf_counter()
            times.append(1e3 * (t3 - t0))
            split.append([1e3 * (t1 - t0), 1e3 * (t2 - t1), 1e3 * (t3 - t2)])
        state[3] = at + steps
        answer = {"ms": times, "cpuMs": 1e3 * (time.process_time() - cpu) / steps}
        return (
            {**answer, "parts": dict(zip(("forward", "backward", "adam"), zip(*split)))} if parts else answer
        )

    def answer(self, request):
        if request["ask"] == "versions":
            return {
                "python": sys.version.split()[0],
                "torch": torch.__version__,
                "cpuCapability": torch.backends.cpu.get_cpu_capability(),
            }
        if request["ask"] == "check":
            return {"losses": self.check(request["variant"], request["steps"])}
        return self.time(request["variant"], request["steps"], request.get("parts", False))


def main():
    settings = json.loads(sys.argv[2])
    torch.set_num_threads(settings.get("threads", 1))
    contest = Contest(sys.argv[1], settings)
    for line in sys.stdin:
        try:
            answer = contest.answer(json.loads(line))
        except Exception as error:  # the harness reports it and leaves the variant out
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
