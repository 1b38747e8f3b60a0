"""Where a training begins: with weights of an earlier stage, as far as they mean the same.

Taken over is every weight of the same name and shape, but for those that mean single
numbers of a state or an action (`model.network`), if the layouts differ in these numbers.
Statistics are not taken over: those of the new data hold.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from psizero.embodiment.layout import PolicyLayout
from psizero.errors import PolicyError
from psizero.model.config import ModelConfig
from psizero.model.network import ACTION_WEIGHTS, STATE_WEIGHTS, FlowNetwork
from psizero.model.policy_files import CONFIG, NETWORK, PSI0, parse_json, read_bytes
from psizero.model.policy_folder import read_stage

_MAY_DIFFER = frozenset({"state_size", "action_size", "cameras", "max_delay", "euler_steps"})
"""Settings of a network that need not be the same: the layout decides them, or they shape no weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Which weights came from where."""

    folder: str
    layout: str
    """Layout of the earlier stage."""
    taken: tuple[str, ...]
    """Names of the weights that were taken over."""
    anew: tuple[str, ...]
    """Names of the others, which begin as in any training."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for a card."""
        return asdict(self)

    def told(self, layout: PolicyLayout) -> str:
        """Return one line for the user, who trains on data of `layout`."""
        line = f"begins with {len(self.taken)} of {len(self.taken) + len(self.anew)} weights from {self.folder}"
        if self.layout != layout.name:
            line += f", whose layout is {self.layout!r} instead of {layout.name!r}"
        return f"{line}; anew: {', '.join(_in_short(self.anew, self.taken))}" if self.anew else line


def begin_with(network: FlowNetwork, folder: Path, layout: PolicyLayout) -> Beginning:
    """Fill `network`, whose numbers are those of `layout`, with what it can use of an earlier stage's weights."""
    path = Path(folder) / CONFIG
    if path.is_file() and parse_json(path, read_bytes(path)).get(NETWORK) == PSI0:
        raise PolicyError(f"{folder} holds the network of Psi0; begin with it by --size psi0")
    parts, weights = read_stage(folder)
    _check_size(network.config, parts.config, folder)
    foreign: tuple[str, ...] = ()
    if parts.layout.state.names != layout.state.names:
        foreign += STATE_WEIGHTS
    if parts.layout.action.names != layout.action.names:
        foreign += ACTION_WEIGHTS
    own = network.state_dict()
    taken = [
        name
        for name, value in own.items()
        if name in weights and weights[name].shape == value.shape and not name.startswith(foreign)
    ]
    network.load_state_dict({**own, **{name: weights[name] for name in taken}})
    return Beginning(
        folder=str(Path(folder).resolve()),
        layout=parts.layout.name,
        taken=tuple(taken),
        anew=tuple(name for name in own if name not in set(taken)),
    )


def _check_size(expected: ModelConfig, found: ModelConfig, folder: Path) -> None:
    mine, theirs = expected.to_json(), found.to_json()
    for name in mine:
        if name not in _MAY_DIFFER and mine[name] != theirs[name]:
            raise PolicyError(
                f"the network in {folder} has another size: {name} {theirs[name]} instead of {mine[name]}; "
                "begin with a folder of the same --size"
            )


def _in_short(names: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return modules in place of weights wherever all weights of a module are among `names`."""
    outside = {other[:end] for other in others for end in _ends(other)}
    return list(dict.fromkeys(next(name[:end] for end in _ends(name) if name[:end] not in outside) for name in names))


def _ends(name: str) -> list[int]:
    """Return where the dotted prefixes of a name end, the name itself last."""
    return [*(place for place, letter in enumerate(name) if letter == "."), len(name)]
