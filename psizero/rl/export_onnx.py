"""A trained actor becomes one ONNX file with everything that the robot needs to run it."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from psizero.control.locomotion import ACTION, METADATA_KEY, OBSERVATION, LocomotionPolicy, PolicyCard
from psizero.data.atomic_file import write_file
from psizero.embodiment.robot import RobotSpec
from psizero.errors import PolicyError
from psizero.rl.actor_critic import ActorCritic

OPSET = 17
IR_VERSION = 8
"""Old enough for the robots' computers."""
LARGEST_ERROR = 1e-5
"""How far the file's answers may be from the network's."""


def export(network: ActorCritic, path: Path, card: PolicyCard, robot: RobotSpec) -> None:
    """Write the actor with its card to `path`, after the written bytes have answered as the network does."""
    draft = path.with_name(f".{path.name}.draft")
    write_file(draft, _model(network.actor, card).SerializeToString())
    try:
        worst = largest_difference(network, LocomotionPolicy.load(draft, robot))
        if not worst < LARGEST_ERROR:
            raise PolicyError(
                f"the exported policy answers up to {worst:.2g} differently, allowed is {LARGEST_ERROR:g}; "
                "is the network trained to finite weights?"
            )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def largest_difference(network: ActorCritic, policy: LocomotionPolicy, *, count: int = 256, seed: int = 0) -> float:
    """Return the largest difference between the answers of both to `count` random observations."""
    layer = network.actor[0]
    assert isinstance(layer, nn.Linear)
    seen = np.random.default_rng(seed).normal(size=(count, layer.in_features)).astype(np.float32)
    with torch.no_grad():
        expected = network.actor(torch.from_numpy(seen)).numpy()
    return float(np.abs(policy.answer(seen) - expected).max())


def _model(actor: nn.Sequential, card: PolicyCard) -> onnx.ModelProto:
    nodes: list[onnx.NodeProto] = []
    weights: list[onnx.TensorProto] = []
    tensor = OBSERVATION
    for number, layer in enumerate(actor):
        following = ACTION if number == len(actor) - 1 else f"layer_{number}"
        if isinstance(layer, nn.Linear):
            for name, values in (("weight", layer.weight), ("bias", layer.bias)):
                numbers = values.detach().float().numpy()
                weights.append(numpy_helper.from_array(numbers, f"{name}_{number}"))
            inputs = [tensor, f"weight_{number}", f"bias_{number}"]
            nodes.append(helper.make_node("Gemm", inputs, [following], transB=1))
        else:
            assert isinstance(layer, nn.ELU), f"no rule to write {layer}"
            nodes.append(helper.make_node("Elu", [tensor], [following], alpha=layer.alpha))
        tensor = following
    first, last = actor[0], actor[-1]
    assert isinstance(first, nn.Linear) and isinstance(last, nn.Linear)
    graph = helper.make_graph(
        nodes,
        "system0",
        [helper.make_tensor_value_info(OBSERVATION, TensorProto.FLOAT, ["N", first.in_features])],
        [helper.make_tensor_value_info(ACTION, TensorProto.FLOAT, ["N", last.out_features])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(model, {METADATA_KEY: card.to_json()})
    onnx.checker.check_model(model)
    return model
