"""Contestant: one prediction from features in PyTorch (see bench/lib/child.js).

    python bench/peers/pytorch_predict.py RUN/weights.safetensors clips.json           answers requests
    python bench/peers/pytorch_predict.py RUN/weights.safetensors clips.json --once    predicts the first clip
    and ends

Needs Python with torch, numpy and safetensors.
"""

import json
import sys
import time

import numpy as np
import torch

from torch_predictor import PlainPredictor, Predictor, UncertainPredictor


def read_clips(path, names):
    with open(path) as file:
        return [[np.asarray(clip[name], dtype=np.float32) for name in names] for clip in json.load(file)]


def main():
    torch.set_num_threads(1)
    weights, clips_path = sys.argv[1:3]
    if "--once" in sys.argv:
        predictor = Predictor(weights, "loop")
        print(json.dumps({"prediction": predictor.predict(read_clips(clips_path, predictor.names)[0])}))
        return
    predictors = {
        **{kind: Predictor(weights, kind) for kind in ("dense", "loop")},
        **{f"{kind} uncertainties": UncertainPredictor(weights, kind) for kind in ("dense", "loop")},
        "plain": PlainPredictor(weights),
    }
    clips = read_clips(clips_path, predictors["dense"].names)
    for line in sys.stdin:
        request = json.loads(line)
        if request["ask"] == "versions":
            print(json.dumps({"python": sys.version.split()[0], "torch": torch.__version__}), flush=True)
            continue
        variant = request["variant"]
        kind, *rest = variant.split("+")
        if "compile" in rest and variant not in predictors:
            predictors[variant] = Predictor(weights, kind)
            predictors[variant].forward = torch.compile(predictors[variant].forward, dynamic=False)
        predictor = predictors[variant]
        if request["ask"] == "check":
            answer = {"predictions": [], "uncertainties": []}
            for clip in clips:
                answer["predictions"].append(predictor.predict(clip))
                answer["uncertainties"].append(predictor.uncertainties)
            if answer["uncertainties"][0] is None:
                del answer["uncertainties"]
            print(json.dumps(answer), flush=True)
            continue
        times, cpu = [], time.process_time()
        for i in range(request["steps"]):
            start = time.perf_counter()
            predictor.predict(clips[i % len(clips)])
            times.append(1e3 * (time.perf_counter() - start))
        print(
            json.dumps({"ms": times, "cpuMs": 1e3 * (time.process_time() - cpu) / request["steps"]}),
            flush=True,
        )


if __name__ == "__main__":
    main()
