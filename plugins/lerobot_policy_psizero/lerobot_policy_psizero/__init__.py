"""PsiZero's policy as a plugin of LeRobot; importing it registers `--policy.type=psizero`."""

from lerobot_policy_psizero.configuration_psizero import PsiZeroConfig

__all__ = ["PsiZeroConfig"]
