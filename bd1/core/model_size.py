"""How much VRAM a chat model will take, estimated from what the server tells of it. Pure."""

_OVERHEAD_MIB = 768
"""What a runner allocates beside weights and context for its working buffers; 300 to 900 MiB for common models."""
_UNKNOWN_CACHE = 0.25
"""Share of the weights that stands for the context of a model that does not say how large it is."""
_MIB = 1024 * 1024


def need_mib(size_mib: int, num_ctx: int, *, cache_bytes: int | None, trained: int | None = None) -> int:
    """Weights, the context's cache for `num_ctx` tokens (no more than it was trained for), and working buffers, in MiB.

    `cache_bytes` is what one token takes; an upper bound where a model looks back over a window only.
    """
    tokens = num_ctx if trained is None else min(num_ctx, trained)
    cache_mib = size_mib * _UNKNOWN_CACHE if cache_bytes is None else cache_bytes * tokens / _MIB
    return size_mib + round(cache_mib) + _OVERHEAD_MIB
