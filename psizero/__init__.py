"""PsiZero: teach a humanoid to walk and use its hands at once (Psi0, arXiv 2603.12263, and past it)."""

__version__ = "0.1.0"
