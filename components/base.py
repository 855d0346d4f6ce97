"""What every component shares: its plan in the engine's own diff, one parent, one set of tags.

A component takes a finished plan and creates exactly that; it decides no size and knows neither
the stack config nor the environment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import is_dataclass

import pulumi

from components.naming import component_word
from sizing.model import Json, plain


def props_of(plan: object, without: Collection[str] = ()) -> dict[str, Json]:
    """Return what a component shows of its plan in previews and state.

    One plan gives its fields; several plans (a tuple) give one entry each under their own names,
    so that reordering them shows no change.

    Args:
        plan: one, or a tuple of them.
        without: fields of each that decide nothing of the component.

    Raises:
        TypeError: the plan is neither a dataclass nor a tuple of dataclasses that have a name.
    """
    if isinstance(plan, tuple):
        return {
            str(getattr(one, "name", getattr(one, "role", ""))): props_of(one, without)
            for one in plan
        }
    if not is_dataclass(plan):
        raise TypeError(f"a component shows a dataclass or a tuple of them, not {type(plan)}")
    shown = plain(plan)
    assert isinstance(shown, dict)
    return {name: value for name, value in shown.items() if name not in without}


class PlatformComponent(pulumi.ComponentResource):
    """Base of every component; it stays this small on purpose.

    Attributes:
        child: options of a plain child: this component is its parent, nothing else.
    """

    child: pulumi.ResourceOptions

    def __init__(
        self,
        token: str,
        name: str,
        plan: object,
        opts: pulumi.ResourceOptions | None = None,
        *,
        without: Collection[str] = (),
    ) -> None:
        super().__init__(token, name, props_of(plan, without), opts)
        self.child = pulumi.ResourceOptions(parent=self)
        self._component = component_word(token)

    def child_with(
        self,
        *,
        depends_on: Sequence[pulumi.Resource] | None = None,
        protect: bool | None = None,
        retain_on_delete: bool | None = None,
        ignore_changes: list[str] | None = None,
        delete_before_replace: bool | None = None,
        custom_timeouts: pulumi.CustomTimeouts | None = None,
        additional_secret_outputs: list[str] | None = None,
    ) -> pulumi.ResourceOptions:
        """Return options of a child that needs more than a parent (these are not inherited)."""
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=depends_on,
            protect=protect,
            retain_on_delete=retain_on_delete,
            ignore_changes=ignore_changes,
            delete_before_replace=delete_before_replace,
            custom_timeouts=custom_timeouts,
            additional_secret_outputs=additional_secret_outputs,
        )

    def tags(self, base: Mapping[str, str], name: str = "") -> dict[str, str]:
        """Return the stack's tags with this component's, and a `Name` where consoles show one."""
        named = {"Name": name} if name else {}
        return {**base, "component": self._component, **named}
