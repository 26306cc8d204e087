"""The models on the simulated server's disk, by name; it knows nothing of what is loaded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from bd1.ports import Clock
from bd1.sim.ollama.models import SimModel, full_name
from bd1.sim.ollama.refusals import BARE_JSON_TYPE, Refusal, encode, not_found, not_shown
from bd1.sim.ollama.replies import moment

TEMPLATE = "{{- range .Messages }}<|{{ .Role }}|>\n{{ .Content }}\n{{ end }}<|assistant|>\n"

_MANIFEST, _SUCCESS = {"status": "pulling manifest"}, {"status": "success"}
_STEPS, _STEP_S = 20, 0.2


class Library:
    """What is installed. Names without a tag mean `latest`; every name is looked up without regard to case."""

    def __init__(self, models: Sequence[SimModel], clock: Clock, remote: Sequence[SimModel] = ()) -> None:
        self._clock = clock
        self._remote = {full_name(model.name).lower(): model for model in remote}
        self._models = {full_name(model.name).lower(): model for model in models}
        self._since = moment(clock.now())

    def find(self, name: str) -> SimModel:
        """The model of that name. Raises `Refusal` (404) when there is none."""
        model = self._models.get(full_name(name).lower())
        if model is None:
            raise not_found(name)
        return model

    def identity(self, model: SimModel) -> dict[str, Any]:
        """What names a model in every list."""
        return {"name": full_name(model.name), "model": full_name(model.name), "digest": model.digest}

    def listed(self) -> list[dict[str, Any]]:
        """The `models` of /api/tags."""
        return [
            {
                **self.identity(model),
                "modified_at": self._since,
                "size": model.size,
                "details": {
                    **model.details(),
                    "context_length": model.trained_ctx,
                    "embedding_length": model.embedding,
                },
                "capabilities": list(model.capabilities),
            }
            for model in self._models.values()
        ]

    def shown(self, name: str, *, verbose: bool) -> dict[str, Any]:
        """The answer of /api/show. Raises `Refusal` (404) with the completed name."""
        model = self._models.get(full_name(name).lower())
        if model is None:
            raise not_shown(name)
        info = model.info()
        if verbose:
            info["tokenizer.ggml.tokens"] = ["<|user|>", "<|assistant|>"]
        return {
            "modelfile": f'# A simulated model\nFROM {full_name(model.name)}\nTEMPLATE "{TEMPLATE}"\n',
            "parameters": 'stop                           "<|user|>"',
            "template": TEMPLATE,
            "details": model.details(),
            "model_info": info,
            "tensors": [{"name": "token_embd.weight", "type": "Q8_0", "shape": [model.embedding, 49152]}],
            "capabilities": list(model.capabilities),
            "modified_at": self._since,
        }

    def copy(self, source: str, destination: str) -> None:
        """Another name for the same weights."""
        model = self.find(source)
        alias = replace(model, name=destination, weights=model.weights or model.name)
        self._models[full_name(destination).lower()] = alias

    def delete(self, name: str) -> None:
        """Forgets a name."""
        self.find(name)
        del self._models[full_name(name).lower()]

    async def pull(self, request: web.Request, name: str, *, stream: bool) -> web.StreamResponse:
        """What is installed is up to date, what is remote comes; the rest lies beyond a network that is not there."""
        coming = self._remote.get(full_name(name).lower())
        if full_name(name).lower() in self._models:
            lines: list[dict[str, Any]] = [_MANIFEST, _SUCCESS]
        elif coming is not None:
            lines = [_MANIFEST, *_layer(coming), {"status": "verifying sha256 digest"}, _SUCCESS]
        else:
            lines = [_MANIFEST, {"error": _no_network(name)}]
        if not stream:
            return _last_word(lines[-1])
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        for line in lines:
            if "completed" in line:
                await self._clock.sleep(_STEP_S)
            await response.write(encode(line) + b"\n")
        if coming is not None:
            self._models[full_name(name).lower()] = coming
        return response


def _layer(model: SimModel) -> list[dict[str, Any]]:
    """The download of the weights, step by step."""
    layer = {"status": f"pulling {model.blob[:12]}", "digest": f"sha256:{model.blob}", "total": model.size}
    return [layer, *({**layer, "completed": model.size * step // _STEPS} for step in range(1, _STEPS + 1))]


def _last_word(line: dict[str, Any]) -> web.Response:
    if "error" in line:
        raise Refusal(500, line["error"], BARE_JSON_TYPE)
    return web.Response(body=encode(line), headers={"Content-Type": BARE_JSON_TYPE})


def _no_network(name: str) -> str:
    model, _, tag = full_name(name).rpartition(":")
    address = f"https://registry.ollama.ai/v2/library/{model}/manifests/{tag}"
    return f'pull model manifest: Get "{address}": dial tcp: lookup registry.ollama.ai: no such host'
