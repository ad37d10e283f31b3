"""Peer of the server: the same model behind FastAPI and PyTorch (see bench/serve/run.js).

    python bench/peers/fastapi_serve.py RUN/weights.safetensors PORT [WORKERS]

Needs Python with fastapi, uvicorn, torch, numpy and safetensors.
"""

import os
import sys

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from torch_predictor import Predictor  # noqa: E402

torch.set_num_threads(1)
app = FastAPI()
predictor = Predictor(os.environ.get("EUAR_BENCH_WEIGHTS") or sys.argv[1], "loop")


class Sample(BaseModel):
    features: dict[str, list[float]]


@app.get("/healthz")
async def health():
    return {"status": "ok"}


@app.post("/v1/predictions")
async def predict(sample: Sample):
    features = [np.asarray(sample.features[name], dtype=np.float32) for name in predictor.names]
    return {"prediction": predictor.predict(features)}


if __name__ == "__main__":
    weights, port = sys.argv[1:3]
    os.environ["EUAR_BENCH_WEIGHTS"] = weights
    os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
    uvicorn.run(
        "fastapi_serve:app",
        host="127.0.0.1",
        port=int(port),
        workers=int(sys.argv[3]) if len(sys.argv) > 3 else 1,
        log_level="warning",
        access_log=False,
        # a busy worker that loads torch would otherwise be replaced again and again
        timeout_worker_healthcheck=120,
    )
