"""The stacks of this repository that stand for each other on the clouds."""

from __future__ import annotations

from stacks.config_model import stack_name
from tests.both_clouds import here


def twin(stack: str) -> str:
    """Return a stack of AWS, or what stands for it on the cloud that the running case is for."""
    environment, tier = stack.split("-")
    return stack_name(environment, tier, here())
