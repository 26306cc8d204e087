"""The models on the simulated Ollama's disk: what they are, what they can do and how much VRAM they take; no state."""

import hashlib
from dataclasses import dataclass
from typing import Any

from bd1.core.gpu import MIB

F16_BYTES = 2
"""Bytes for each number of the context's cache, unless it is quantised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimModel:
    """One model. `size` is its file in bytes; names with the same `weights` are one model under several names.

    `compute_mib` is what the runner allocates beside weights and cache for its working buffers.
    """

    name: str
    size: int
    family: str
    parameter_size: str
    parameter_count: int
    quantization: str
    trained_ctx: int
    layers: int
    embedding: int
    heads: int
    kv_heads: int
    weights: str = ""
    compute_mib: int = 300
    capabilities: tuple[str, ...] = ("completion",)

    @property
    def blob(self) -> str:
        """What identifies the weights: 64 hexadecimal digits."""
        return hashlib.sha256((self.weights or self.name).encode()).hexdigest()

    @property
    def digest(self) -> str:
        """What identifies the entry: 64 hexadecimal digits, the same for a copy under another name."""
        return hashlib.sha256(f"{self.weights or self.name} {self.capabilities}".encode()).hexdigest()

    def vram_mib(self, num_ctx: int) -> int:
        """What it takes once loaded: weights, a cache for `num_ctx` tokens in half precision, working buffers."""
        head_dim = self.embedding // self.heads
        cache = 2 * self.layers * self.kv_heads * head_dim * num_ctx * F16_BYTES
        return -(-(self.size + cache) // MIB) + self.compute_mib

    def details(self) -> dict[str, Any]:
        """The `details` object of /api/ps and /api/show."""
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameter_size,
            "quantization_level": self.quantization,
        }

    def info(self) -> dict[str, Any]:
        """The `model_info` object of /api/show: the GGUF keys a planner of VRAM reads, and a few more."""
        return {
            "general.architecture": self.family,
            "general.basename": self.name.partition(":")[0],
            "general.file_type": 2,
            "general.parameter_count": self.parameter_count,
            "general.quantization_version": 2,
            "general.type": "model",
            f"{self.family}.attention.head_count": self.heads,
            f"{self.family}.attention.head_count_kv": self.kv_heads,
            f"{self.family}.block_count": self.layers,
            f"{self.family}.context_length": self.trained_ctx,
            f"{self.family}.embedding_length": self.embedding,
            "tokenizer.ggml.model": "gpt2",
            "tokenizer.ggml.tokens": None,
        }


DEFAULT_MODELS = (
    SimModel(
        name="llama3:8b",
        size=4_661_224_676,
        family="llama",
        parameter_size="8.0B",
        parameter_count=8_030_261_248,
        quantization="Q4_0",
        trained_ctx=8192,
        layers=32,
        embedding=4096,
        heads=32,
        kv_heads=8,
        compute_mib=560,
        capabilities=("completion", "tools"),  # the real one has no tools; the demo's shall show what they do
    ),
    SimModel(
        name="deepseek-coder-v2:16b",
        size=8_905_126_121,
        family="deepseek2",
        parameter_size="15.7B",
        parameter_count=15_706_484_224,
        quantization="Q4_0",
        trained_ctx=163_840,
        layers=27,
        embedding=2048,
        heads=16,
        kv_heads=16,
        compute_mib=420,
    ),
    SimModel(
        name="qwen3:4b",
        size=2_497_293_931,
        family="qwen3",
        parameter_size="4.0B",
        parameter_count=4_022_468_096,
        quantization="Q4_K_M",
        trained_ctx=262_144,
        layers=36,
        embedding=2560,
        heads=32,
        kv_heads=8,
        compute_mib=310,
        capabilities=("completion", "tools", "thinking"),
    ),
    SimModel(
        name="llava:7b",
        size=4_733_363_377,
        family="llama",
        parameter_size="7B",
        parameter_count=7_241_732_096,
        quantization="Q4_0",
        trained_ctx=32_768,
        layers=32,
        embedding=4096,
        heads=32,
        kv_heads=8,
        compute_mib=900,
        capabilities=("completion", "vision"),
    ),
)
"""What the demo's server has: the chat model, a coder that fits, one that thinks and calls tools, one that sees."""

REMOTE_MODELS = (
    SimModel(
        name="gemma3:1b",
        size=815_319_791,
        family="gemma3",
        parameter_size="999.89M",
        parameter_count=999_885_952,
        quantization="Q4_K_M",
        trained_ctx=32_768,
        layers=26,
        embedding=1152,
        heads=4,
        kv_heads=1,
    ),
    SimModel(
        name="llama3.3:70b",
        size=42_520_413_916,
        family="llama",
        parameter_size="70.6B",
        parameter_count=70_553_706_560,
        quantization="Q4_K_M",
        trained_ctx=131_072,
        layers=80,
        embedding=8192,
        heads=64,
        kv_heads=8,
    ),
)
"""What can be fetched: a small one, and one that no such card can hold."""


def full_name(name: str) -> str:
    """A name as Ollama completes it: without a tag it means `latest`."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"
