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
from psizero.rl.actor_critic import ActorCritic, SymmetricActor

OPSET = 17
IR_VERSION = 8
"""Old enough for the robots' computers."""
LARGEST_ERROR = 1e-5
"""How far the file's answers may be from the network's, in relation to the largest of them if above 1."""


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


def restore_actor(network: ActorCritic, path: Path, robot: RobotSpec) -> PolicyCard:
    """Give `network` the actor that `export` wrote to `path`; return its card. Critic and spread are not in a file."""
    policy = LocomotionPolicy.load(path, robot)
    stored = {item.name: numpy_helper.to_array(item) for item in onnx.load(path).graph.initializer}
    layers = [(number, layer) for number, layer in enumerate(network.actor.network) if isinstance(layer, nn.Linear)]
    for number, layer in layers:
        for kind, target in (("weight", layer.weight), ("bias", layer.bias)):
            values = stored.get(f"{kind}_{number}")
            if values is None or values.shape != tuple(target.shape):
                got = "nothing" if values is None else f"shape {values.shape}"
                raise PolicyError(
                    f"{path} has {got} as {kind} of layer {number}, {tuple(target.shape)} expected: "
                    "its network is not one that `psizero locomotion train` makes; begin with one that is"
                )
            target.data.copy_(torch.from_numpy(values.copy()))
    if not largest_difference(network, policy) < LARGEST_ERROR:
        raise PolicyError(
            f"{path} answers otherwise than its weights say; begin with a file of `psizero locomotion train`"
        )
    return policy.card


def largest_difference(network: ActorCritic, policy: LocomotionPolicy, *, count: int = 256, seed: int = 0) -> float:
    """Return the largest difference between both in `count` random observations, over the largest answer if above 1."""
    layer = network.actor.network[0]
    assert isinstance(layer, nn.Linear)
    seen = np.random.default_rng(seed).normal(size=(count, layer.in_features)).astype(np.float32)
    with torch.no_grad():
        expected = network.actor(torch.from_numpy(seen)).numpy()
    return float(np.abs(policy.answer(seen) - expected).max() / max(1.0, np.abs(expected).max()))


def _model(actor: SymmetricActor, card: PolicyCard) -> onnx.ModelProto:
    """Write the network once for what is seen and once, with the same weights, for what its mirror image sees."""
    constants: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []

    def constant(name: str, values: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(values, name))
        return name

    def mirror(tensor: str, result: str, which: str) -> None:
        index, sign = getattr(actor, f"{which}_index"), getattr(actor, f"{which}_sign")
        nodes.append(
            helper.make_node("Gather", [tensor, constant(f"{which}_index", index.numpy())], [f"{result}_order"], axis=1)
        )
        signs = constant(f"{which}_sign", sign.numpy())
        nodes.append(helper.make_node("Mul", [f"{result}_order", signs], [result]))

    for number, layer in enumerate(actor.network):
        if isinstance(layer, nn.Linear):
            constant(f"weight_{number}", layer.weight.detach().float().numpy())
            constant(f"bias_{number}", layer.bias.detach().float().numpy())
    mirror(OBSERVATION, "mirrored", "seen")
    for branch, start in (("straight", OBSERVATION), ("mirror", "mirrored")):
        nodes.extend(_branch(actor.network, branch, start))
    mirror("mirror_answer", "mirror_back", "action")
    nodes.append(helper.make_node("Add", ["straight_answer", "mirror_back"], ["sum"]))
    nodes.append(helper.make_node("Mul", ["sum", constant("half", np.array(0.5, np.float32))], [ACTION]))
    first, last = actor.network[0], actor.network[-1]
    assert isinstance(first, nn.Linear) and isinstance(last, nn.Linear)
    graph = helper.make_graph(
        nodes,
        "system0",
        [helper.make_tensor_value_info(OBSERVATION, TensorProto.FLOAT, ["N", first.in_features])],
        [helper.make_tensor_value_info(ACTION, TensorProto.FLOAT, ["N", last.out_features])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(model, {METADATA_KEY: card.to_json()})
    onnx.checker.check_model(model)
    return model


def _branch(network: nn.Sequential, name: str, tensor: str) -> list[onnx.NodeProto]:
    """Return the nodes from `tensor` to `NAME_answer`."""
    nodes = []
    for number, layer in enumerate(network):
        following = f"{name}_answer" if number == len(network) - 1 else f"{name}_{number}"
        if isinstance(layer, nn.Linear):
            inputs = [tensor, f"weight_{number}", f"bias_{number}"]
            nodes.append(helper.make_node("Gemm", inputs, [following], transB=1))
        else:
            assert isinstance(layer, nn.ELU), f"no rule to write {layer}"
            nodes.append(helper.make_node("Elu", [tensor], [following], alpha=layer.alpha))
        tensor = following
    return nodes
