"""What can go wrong, by kind; every message says what was expected, what came, and what to try.

The command line prints one line for a `PsiZeroError` and exits with 1; any other
exception is a defect of ours and shows its traceback.
"""


class PsiZeroError(Exception):
    """Base of every error that a user can cause and mend."""


class ConfigError(PsiZeroError):
    """A setting contradicts another one, or is out of its range."""


class LayoutError(PsiZeroError):
    """Numbers meant for one robot or layout were given to another."""


class DataError(PsiZeroError):
    """A data set is missing, half written or not what its description says."""


class StorageError(PsiZeroError):
    """A file could not be written: the disk is full, read-only or not ours; or what another has written is gone."""


class NetworkError(PsiZeroError):
    """A server cannot be reached, or does not give what was asked for."""


class WireError(PsiZeroError):
    """A message is not what its wire says, is too large, or cannot be answered."""


class PolicyError(PsiZeroError):
    """A policy folder is missing, damaged or does not fit the robot."""


class SafetyError(PsiZeroError):
    """A command was refused by the safety gate and cannot be mended by limiting it."""


class SimulationError(PsiZeroError):
    """The simulated world diverged or was asked for something it does not have."""


class RenderError(PsiZeroError):
    """No picture can be drawn: the computer lacks an off-screen OpenGL."""


class MissingExtraError(PsiZeroError):
    """A library of an optional extra is not installed."""
