"""Prints the largest error of an engine that torch.compile traced in whole, over prompts and delays.

It fails if anything cannot be traced, or if a second graph is needed. The backend
runs the traced operations as they are, so no C++ is compiled.
"""

import torch

from tests.model import test_engine as small


def largest_error() -> float:
    """Trace an engine once, ask it with all prompts and delays, compare with the plain way."""
    real_compile = torch.compile
    torch.compile = lambda work, **settings: real_compile(work, backend="eager", **settings)
    engine = small.engine(kernels="compile")
    state, noise = small.inputs()
    engine.look([small.picture()], small.prompt())
    engine.act(state, noise)
    errors = []
    with torch.compiler.set_stance("fail_on_recompile"):
        for words, delay in enumerate(small.DELAYS):
            engine.look([small.picture()], small.prompt(words))
            chunk = engine.act(state, noise, small.promised(delay))
            plain = small.plain(small.small_qwen(), small.small_expert(), small.prompt(words), delay)
            errors.append((chunk - plain).abs())
    return float(torch.stack(errors).max())


if __name__ == "__main__":
    print(largest_error())
